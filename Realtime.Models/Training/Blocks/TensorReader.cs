using Realtime.Models.Weights;

namespace Realtime.Models.Training.Blocks;

/// <summary>Tensors in memory read with the same checks as a file's.</summary>
internal static class TensorReader
{
    private const string Name = "the model's tensors";

    public static WeightReader Of(IEnumerable<TensorData> tensors) =>
        new(SafetensorsFile.Parse(new ArrayWeightBytes(SafetensorsWriter.ToBytes(tensors, new Dictionary<string, string>())), Name));
}
