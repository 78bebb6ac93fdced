using Realtime.Engine.Decoding;
using Realtime.Engine.Numerics;
using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.Simulation;

/// <summary>What a screen with a moving bar shows: 20 frames/s of 12 x 24 bytes, an upright bar with soft edges on grey.</summary>
internal static class BarFrames
{
    private const int RateHz = 20;
    private const double Ground = 40;
    private const double Light = 200;
    private const double HalfWidthPixels = 1.3;

    private static readonly FrameShape Shape = new(12, 24);

    /// <param name="bar">Where the bar is, 0 (left) to 1, at each behaviour step.</param>
    public static SessionFrames Of(double[] bar)
    {
        const int stepsPerFrame = BehaviourTrace.RateHz / RateHz;
        var samples = new long[(bar.Length + stepsPerFrame - 1) / stepsPerFrame];
        var pixels = new byte[samples.Length * Shape.Pixels];
        var row = new byte[Shape.Width];
        for (var frame = 0; frame < samples.Length; frame++)
        {
            samples[frame] = (long)frame * (SessionSimulator.SampleRateHz / RateHz);
            for (var column = 0; column < row.Length; column++)
            {
                var distance = (column + 0.5 - bar[frame * stepsPerFrame] * Shape.Width) / HalfWidthPixels;
                row[column] = (byte)Math.Round(Ground + Light * PortableMath.Exp(-distance * distance / 2));
            }

            for (var line = 0; line < Shape.Height; line++) row.CopyTo(pixels, frame * Shape.Pixels + line * Shape.Width);
        }

        return new SessionFrames(samples, Shape, pixels);
    }
}
