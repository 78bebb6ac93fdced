using Realtime.Models.Possm;
using Realtime.Models.Weights;

namespace Realtime.Models.Tests.Possm;

public sealed class PossmWeightsTests
{
    private static readonly PossmConfig Shape = new() { Dim = 8, DimHead = 4, RnnDim = 12, NumRnnLayers = 2, Depth = 1 };

    private static readonly List<TensorData> Tensors = RandomPossm.Tensors(Shape, new Random(1), late: true, 5);

    [Fact]
    public void Own_frequencies_of_the_decoder_mark_the_late_revision()
    {
        Assert.True(RandomPossm.Weights(Shape, Tensors).IsLate);
        Assert.False(RandomPossm.Weights(Shape, Tensors.Where(tensor => tensor.Name != "dec_rotary_emb.omega")).IsLate);
    }

    [Fact]
    public void Every_missing_tensor_is_named()
    {
        // Both tensors of a readout must go for the task to be unknown, and then the task table is too long.
        foreach (var name in Tensors.Select(tensor => tensor.Name).Where(name => name != "dec_rotary_emb.omega"))
        {
            var error = Assert.Throws<ModelFormatException>(() => RandomPossm.Weights(Shape, Tensors.Where(tensor => tensor.Name != name)));
            Assert.Equal(name.StartsWith("readout.", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal) ? "task_emb.weight" : name, error.Key);
        }
    }

    [Fact]
    public void A_bidirectional_GRU_is_refused_by_name()
    {
        var error = Assert.Throws<ModelFormatException>(() => RandomPossm.Weights(Shape, [.. Tensors, TensorData.Of("backbone.net.weight_ih_l0_reverse", [1f], 1)]));
        Assert.Equal("backbone.net.weight_ih_l0_reverse", error.Key);
        Assert.Contains("bidirectional", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_backbone_is_refused_by_name()
    {
        var others = Tensors.Where(tensor => !tensor.Name.StartsWith("backbone.", StringComparison.Ordinal));
        var error = Assert.Throws<ModelFormatException>(() => RandomPossm.Weights(Shape, [.. others, TensorData.Of("backbone.layers.0.A_log", [1f], 1)]));
        Assert.Contains("backbone.layers.0.A_log", error.Message, StringComparison.Ordinal);
        Assert.Contains("not a GRU", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Numbers_that_are_not_finite_are_refused(float value)
    {
        foreach (var victim in Tensors)
        {
            var values = new float[victim.Bytes.Length / sizeof(float)];
            Buffer.BlockCopy(victim.Bytes, 0, values, 0, victim.Bytes.Length);
            values[^1] = value;
            var damaged = Tensors.Select(tensor => tensor == victim ? TensorData.Of(victim.Name, values, [.. victim.Shape]) : tensor);
            Assert.Equal(victim.Name, Assert.Throws<ModelFormatException>(() => RandomPossm.Weights(Shape, damaged)).Key);
        }
    }
}
