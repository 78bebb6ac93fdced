using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Neuroformer;

namespace Realtime.Models.Tests.Neuroformer;

/// <summary>Generation over a session with video frames: they are taken from it as they are live.</summary>
public sealed class NeuroformerSessionGenerationTests
{
    private const long WindowNs = 50_000_000;
    private const long PeriodSamples = 1500;
    private static readonly FrameShape Size = new(6, 8);

    private static readonly NeuroformerConfig Config = NeuroformerRandom.Tiny with
    {
        StimulusLayers = 1,
        Frames = new NeuroformerFrames { Count = 4, Height = Size.Height, Width = Size.Width, Kernel = [2, 3, 4], Stride = [2, 3, 4] },
    };

    [Fact]
    public void A_sessions_own_frames_are_those_that_a_whole_stimulus_gives_and_they_matter()
    {
        var session = WithFrames(SyntheticSession.Make(units: 6, seconds: 6), _ => true);
        var due = Generate(session with { Frames = null }, 1_000_000_000, 5, Pixels(session));
        var own = Generate(session, 1_000_000_000, 5);
        Same(due, own);
        var dark = Generate(session with { Frames = null }, 1_000_000_000, 5, new float[Pixels(session).Length]);
        Assert.NotEqual(due[0].IdLogits, dark[0].IdLogits);
    }

    [Fact]
    public void A_frame_that_is_missing_is_stood_for_by_the_one_before_it()
    {
        // The stimulus as a rig shows it that lost frame 22.
        var whole = WithFrames(SyntheticSession.Make(units: 6, seconds: 6), _ => true);
        var pixels = Pixels(whole);
        pixels.AsSpan(21 * Size.Pixels, Size.Pixels).CopyTo(pixels.AsSpan(22 * Size.Pixels));
        Same(Generate(whole with { Frames = null }, 1_150_000_000, 2, pixels), Generate(WithFrames(whole, frame => frame != 22), 1_150_000_000, 2));
    }

    [Fact]
    public void What_is_missing_is_said_before_anything_is_generated()
    {
        var bare = SyntheticSession.Make(units: 6, seconds: 6);
        Assert.Contains("session 'synthetic' holds none", Assert.Throws<ArgumentException>(() => Generate(bare, WindowNs, 1)).Message);
        var wide = bare with { Frames = new SessionFrames([0], new FrameShape(6, 9), new byte[54]) };
        Assert.Contains("reads video frames of 6 x 8 pixels, and those of session 'synthetic' have 6 x 9", Assert.Throws<ArgumentException>(() => Generate(wide, WindowNs, 1)).Message);

        // None from 2 to 3 s: 1.95 stands for two periods.
        var hole = Generation(WithFrames(bare, frame => frame is < 40 or >= 60));
        hole.Check(2_000_000_000);
        var error = Assert.Throws<ArgumentException>(() => hole.Check(2_050_000_000)).Message;
        Assert.Contains("from 2.05 to 2.1 s has no 4 video frames, 20 a second", error);
        Assert.Contains("at 1.95 s and 3 s", error);
        Assert.Throws<ArgumentException>(() => hole.Next(2_050_000_000));
    }

    private static void Same(IReadOnlyList<NeuroformerGenerated> due, IReadOnlyList<NeuroformerGenerated> own)
    {
        Assert.Equal(due.Count, own.Count);
        foreach (var (expected, actual) in due.Zip(own))
        {
            Assert.Equal(expected.Ids, actual.Ids);
            Assert.Equal(expected.Times, actual.Times);
            Assert.Equal(expected.IdLogits, actual.IdLogits);
        }
    }

    private static List<NeuroformerGenerated> Generate(Session session, long startNs, int windows, float[]? frames = null)
    {
        var generation = Generation(session, frames);
        return [.. Enumerable.Range(0, windows).Select(window => generation.Next(startNs + window * WindowNs))];
    }

    private static NeuroformerSessionGeneration Generation(Session session, float[]? frames = null)
    {
        var units = session.Units.Units;
        using var file = ModelFile.Parse(NeuroformerRandom.Create(Config, RandomNeuroformer.Options(0) with { Units = units }), "random");
        return new NeuroformerSessionGeneration(file, session, NeuroformerPastMode.TruePast, new NeuroformerSampling(), frames);
    }

    /// <summary>A frame of its own every 50 ms, but for those that are left out.</summary>
    private static Session WithFrames(Session session, Func<int, bool> isShown)
    {
        int[] shown = [.. Enumerable.Range(0, 120).Where(isShown)];
        return session with { Frames = new SessionFrames([.. shown.Select(frame => frame * PeriodSamples)], Size, shown.SelectMany(Frame).ToArray()) };
    }

    private static float[] Frame(int number)
    {
        var random = new Random(number);
        return [.. Enumerable.Range(0, Size.Pixels).Select(_ => random.NextSingle())];
    }

    private static float[] Pixels(Session session) => session.Frames!.Numbers.ToArray();
}
