using System.Runtime.InteropServices;
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

    public static bool AreFinite(IEnumerable<TensorData> tensors)
    {
        foreach (var tensor in tensors.Where(tensor => tensor.Type == TensorType.F32))
            foreach (var value in MemoryMarshal.Cast<byte, float>(tensor.Bytes))
                if (!float.IsFinite(value)) return false;
        return true;
    }
}
