using Realtime.Engine.Numerics;
using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Mtm;

/// <summary>
/// Rotary positions as upstream has them: channel k of a head turns with channel k + d/2, by position × theta^(-2k/d). The kernels turn
/// neighbours, so the rows of the maps that make queries and keys are put side by side; scores stay the same.
/// </summary>
internal static class MtmRotary
{
    // Positions count as whole seconds, so that their angles are formed without rounding however long a stream is.
    private const long NsPerPosition = 1_000_000_000;

    /// <summary>The angles of positions.</summary>
    public static RotaryTime Time(MtmConfig config)
    {
        var omega = new float[config.HeadDim / 2];
        for (var pair = 0; pair < omega.Length; pair++) omega[pair] = (float)PortableMath.Exp(-2.0 * pair / config.HeadDim * PortableMath.Log(config.RopeTheta));
        return new RotaryTime(omega);
    }

    /// <summary>Puts the angles of a position into a row of a table. Allocates nothing.</summary>
    public static void SetRow(RotaryTime time, RotaryTable table, int row, long position, RotaryScratch scratch, KernelSet kernels) =>
        time.SetRow(table, row, position * NsPerPosition, scratch, kernels);

    /// <summary>A table of the positions 0, 1, ...</summary>
    public static RotaryTable Table(RotaryTime time, int positions, KernelSet kernels)
    {
        var table = new RotaryTable(positions, time.Pairs);
        var scratch = new RotaryScratch(time.Pairs);
        for (var position = 0; position < positions; position++) SetRow(time, table, position, position, scratch, kernels);
        return table;
    }

    /// <summary>The maps with the rows of queries and keys as the kernels turn them.</summary>
    public static AttentionMaps SideBySide(AttentionMaps maps) => maps with { Query = SideBySide(maps.Query, maps.Heads), Key = SideBySide(maps.Key, maps.Heads) };

    private static LinearWeights SideBySide(LinearWeights map, int heads)
    {
        var (weight, bias) = (new float[map.Weight.Length], new float[map.Bias.Length]);
        var headDim = map.Outputs / heads;
        for (var row = 0; row < map.Outputs; row++)
        {
            var (head, channel) = Math.DivRem(row, headDim);
            var (upper, pair) = Math.DivRem(channel, headDim / 2);
            var to = head * headDim + 2 * pair + upper;
            map.Weight.AsSpan(row * map.Inputs, map.Inputs).CopyTo(weight.AsSpan(to * map.Inputs));
            if (bias.Length > 0) bias[to] = map.Bias[row];
        }

        return map with { Weight = weight, Bias = bias };
    }
}
