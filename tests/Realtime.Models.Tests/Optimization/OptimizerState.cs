using Realtime.Models.Differentiation;
using Realtime.Models.Optimization;
using Realtime.Models.Tests.Kernels;
using Realtime.Models.Weights;

namespace Realtime.Models.Tests.Optimization;

/// <summary>What every optimizer must do with its state.</summary>
internal static class OptimizerState
{
    public static WeightReader Reader(IEnumerable<TensorData> tensors) =>
        new(SafetensorsFile.Parse(new ArrayWeightBytes(SafetensorsWriter.ToBytes(tensors, new Dictionary<string, string>())), "state"));

    public static void GoesOn(Func<ParameterSet, IOptimizer> make)
    {
        var whole = TableSteps.Table(ParameterKind.RowTable);
        var expected = TableSteps.Run(whole, make(whole))[^1];

        var broken = TableSteps.Table(ParameterKind.RowTable);
        var first = make(broken);
        TableSteps.Run(broken, first, end: 2);
        var second = make(broken);
        second.Restore(Reader(first.Save()));
        Samples.AssertSameBits(expected, TableSteps.Run(broken, second, first: 2)[^1], "after a restore");

        var cold = TableSteps.Table(ParameterKind.RowTable);
        TableSteps.Run(cold, make(cold), end: 2);
        Assert.NotEqual(expected, TableSteps.Run(cold, make(cold), first: 2)[^1]);

        var missing = first.Save().Where(tensor => tensor.Name != "optimizer.second.table");
        Assert.Contains("optimizer.second.table", Assert.Throws<ModelFormatException>(() => second.Restore(Reader(missing))).Message, StringComparison.Ordinal);
        var reshaped = first.Save().Select(tensor => new TensorData(tensor.Name, tensor.Type, tensor.Shape.Count == 2 ? [2, 3] : tensor.Shape, tensor.Bytes));
        Assert.Contains("optimizer.first.table", Assert.Throws<ModelFormatException>(() => second.Restore(Reader(reshaped))).Message, StringComparison.Ordinal);
    }

    public static void FrozenStay(Func<ParameterSet, IOptimizer> make)
    {
        var parameters = new ParameterSet(
            [new Parameter("frozen", ParameterKind.Dense, TableSteps.Start, 6) { IsFrozen = true }, new Parameter("free", ParameterKind.Dense, TableSteps.Start, 6)], []);
        var optimizer = make(parameters);
        var gradients = new GradientSet(parameters);
        TableSteps.Gradients[0].CopyTo(gradients[1]);
        optimizer.Step(gradients, 0.01, 0.9);
        Assert.Equal(TableSteps.Start, parameters[0].Value.ToArray());
        Assert.NotEqual(TableSteps.Start, parameters[1].Value.ToArray());

        // A thawed tensor takes the first step of its own, and may be saved and restored like others.
        var afterOne = parameters[1].Value.ToArray();
        parameters[0].IsFrozen = false;
        var restored = make(parameters);
        Assert.Throws<ModelFormatException>(() => restored.Restore(Reader(optimizer.Save())));
        gradients = new GradientSet(parameters);
        TableSteps.Gradients[0].CopyTo(gradients[0]);
        optimizer.Step(gradients, 0.01, 0.9);
        Assert.Equal(afterOne, parameters[0].Value.ToArray());
        restored.Restore(Reader(optimizer.Save()));
        Assert.Equal(optimizer.Save().Select(tensor => tensor.Name), restored.Save().Select(tensor => tensor.Name));
    }
}
