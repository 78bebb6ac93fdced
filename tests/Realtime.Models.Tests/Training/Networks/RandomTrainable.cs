using Realtime.Models.Possm;
using Realtime.Models.Tests.Possm;
using Realtime.Models.Weights;

namespace Realtime.Models.Tests.Training.Networks;

/// <summary>Random POSSM weights of the late revision with one task of two outputs.</summary>
internal static class RandomTrainable
{
    public const int Outputs = 2;

    public static readonly string Task = RandomPossm.Tasks[0];

    public static PossmWeights Possm(PossmConfig config, Random random)
    {
        var tensors = RandomPossm.Tensors(config, random, late: true, unitRows: 9)
            .Where(tensor => !tensor.Name.Contains(RandomPossm.Tasks[1], StringComparison.Ordinal))
            .Select(tensor => tensor.Name == "task_emb.weight" ? new TensorData(tensor.Name, tensor.Type, [2, config.Dim], tensor.Bytes[..(2 * config.Dim * sizeof(float))]) : tensor);
        return RandomPossm.Weights(config, tensors);
    }
}
