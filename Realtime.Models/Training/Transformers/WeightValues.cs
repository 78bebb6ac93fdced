using Realtime.Models.Differentiation;
using Realtime.Models.Weights;

namespace Realtime.Models.Training.Transformers;

/// <summary>All values of a parameter set, by parameter.</summary>
internal static class WeightValues
{
    public static float[][] Copy(ParameterSet parameters) => [.. Enumerable.Range(0, parameters.Count).Select(i => parameters[i].Value.ToArray())];

    public static void Put(ParameterSet parameters, float[][] values)
    {
        for (var i = 0; i < values.Length; i++) values[i].CopyTo(parameters[i].Value);
    }

    /// <summary>The tensors of a model file with these values, constants included.</summary>
    public static IReadOnlyList<TensorData> Tensors(ParameterSet parameters, float[][] values)
    {
        var index = Enumerable.Range(0, parameters.Count).ToDictionary(i => parameters[i].Name, StringComparer.Ordinal);
        return [.. parameters.ToTensors().Select(tensor => index.TryGetValue(tensor.Name, out var i) ? TensorData.Of(tensor.Name, values[i], [.. tensor.Shape]) : tensor)];
    }

    public static bool AreFinite(float[][] values) => values.All(one => Array.TrueForAll(one, float.IsFinite));
}
