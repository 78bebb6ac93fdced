using Realtime.Models.Kernels;

namespace Realtime.Models.Transformer;

/// <summary>Rotary tables with angles rounded as a float32 model rounds them.</summary>
public static class Float32Angles
{
    /// <param name="seconds">Times; rounded to float32 first.</param>
    /// <param name="omega">rad/s, one per pair of channels; those of frequency 0 last.</param>
    public static RotaryTable Table(ReadOnlySpan<double> seconds, ReadOnlySpan<float> omega)
    {
        var pairs = new RotaryTime(omega).Pairs;
        var table = new RotaryTable(seconds.Length, pairs);
        for (var row = 0; row < seconds.Length; row++)
        {
            for (var pair = 0; pair < pairs; pair++)
            {
                var angle = omega[pair] * (float)seconds[row];
                var at = row * table.Width + 2 * pair;
                table.Cos[at] = table.Cos[at + 1] = (float)Math.Cos(angle);
                table.Sin[at + 1] = (float)Math.Sin(angle);
                table.Sin[at] = -table.Sin[at + 1];
            }
        }

        return table;
    }
}
