using Realtime.Engine.Numerics;
using Realtime.Models.Kernels;

namespace Realtime.Models.Transformer;

/// <summary>
/// Rotary time embedding: angles omega × time for neighbouring pairs of channels. Angles are formed in double, and live times as whole
/// nanoseconds with exact arithmetic, so that they are as good after ten hours as after one second. Immutable; any thread.
/// Source: github.com/neuro-galaxy/torch_brain, torch_brain/nn/position_embeddings.py.
/// </summary>
public sealed class RotaryTime
{
    // Turns per nanosecond as a fraction of 2^128, so that the product with a time wraps at whole turns.
    private readonly UInt128[] _turnsPerNs;
    private readonly double[] _turnsPerSecond;

    /// <param name="omega">The model's buffer, rad/s, one per pair of channels of a head; those of frequency 0 must be last.</param>
    public RotaryTime(ReadOnlySpan<float> omega)
    {
        Pairs = omega.Length;
        while (Pairs > 0 && omega[Pairs - 1] == 0) Pairs--;
        _turnsPerSecond = new double[Pairs];
        _turnsPerNs = new UInt128[Pairs];
        for (var pair = 0; pair < Pairs; pair++)
        {
            _turnsPerSecond[pair] = omega[pair] / (2 * Math.PI);
            _turnsPerNs[pair] = Fraction(_turnsPerSecond[pair] * 1e-9);
        }
    }

    /// <summary>Rotated pairs of channels per head; those beyond have frequency 0.</summary>
    public int Pairs { get; }

    /// <summary>Periods evenly spaced in their logarithm from <paramref name="tMin"/> to <paramref name="tMax"/> seconds, then as many zeros.</summary>
    /// <returns>omega, rad/s, headDim / 2 numbers.</returns>
    public static float[] Omega(int headDim, double tMin, double tMax)
    {
        var omega = new float[headDim / 2];
        var frequencies = headDim / 4;
        for (var i = 0; i < frequencies; i++)
        {
            var share = frequencies == 1 ? 0 : (double)i / (frequencies - 1);
            omega[i] = (float)(2 * Math.PI / PortableMath.Exp(PortableMath.Log(tMin) + share * (PortableMath.Log(tMax) - PortableMath.Log(tMin))));
        }

        return omega;
    }

    /// <summary>A table for some times, seconds.</summary>
    public RotaryTable Table(ReadOnlySpan<double> seconds, KernelSet kernels)
    {
        var table = new RotaryTable(seconds.Length, Pairs);
        var scratch = new RotaryScratch(Pairs);
        for (var row = 0; row < seconds.Length; row++)
        {
            for (var pair = 0; pair < Pairs; pair++) scratch.Turns[pair] = _turnsPerSecond[pair] * seconds[row];
            Fill(table, row, scratch, kernels);
        }

        return table;
    }

    /// <summary>Puts the cosines and sines of one time, whole nanoseconds of any size and sign, into a row of a table. Allocates nothing.</summary>
    public void SetRow(RotaryTable table, int row, long timeNs, RotaryScratch scratch, KernelSet kernels)
    {
        for (var pair = 0; pair < Pairs; pair++)
        {
            var fraction = _turnsPerNs[pair] * (UInt128)(Int128)timeNs;
            scratch.Turns[pair] = (long)(ulong)(fraction >> 64) * (1 / 18446744073709551616.0);
        }

        Fill(table, row, scratch, kernels);
    }

    private void Fill(RotaryTable table, int row, RotaryScratch scratch, KernelSet kernels)
    {
        kernels.CosSinTurns(scratch.Turns, scratch.Cos, scratch.Sin);
        var cos = table.Cos.Slice(row * table.Width, table.Width);
        var sin = table.Sin.Slice(row * table.Width, table.Width);
        for (var pair = 0; pair < Pairs; pair++)
        {
            cos[2 * pair] = cos[2 * pair + 1] = scratch.Cos[pair];
            sin[2 * pair] = -scratch.Sin[pair];
            sin[2 * pair + 1] = scratch.Sin[pair];
        }
    }

    /// <summary>A number in [0, 1) × 2^128; exact, as a double has 53 bits.</summary>
    private static UInt128 Fraction(double turns)
    {
        turns -= Math.Floor(turns);
        var high = Math.Floor(turns * 18446744073709551616.0);
        var low = (turns * 18446744073709551616.0 - high) * 18446744073709551616.0;
        return new UInt128((ulong)high, (ulong)low);
    }
}
