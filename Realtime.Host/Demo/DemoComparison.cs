using Realtime.Engine.Sessions;
using Realtime.Host.Commands;
using Realtime.Host.Reports;
using Realtime.Models;

namespace Realtime.Host.Demo;

/// <summary>Scores the linear baseline of a demo on the very ticks that the model was scored on live.</summary>
internal static class DemoComparison
{
    /// <summary>Decodes offline, tick by tick, as live; nothing that a tick's answer rests on came after it.</summary>
    /// <param name="decoder">The demo's model and its baseline.</param>
    /// <param name="session">The session that was replayed.</param>
    /// <param name="start">Where the replay began, s.</param>
    /// <param name="run">What came of the live run.</param>
    /// <returns>Null where there is no baseline, or no tick.</returns>
    public static ComparisonReport? Of(DemoDecoder decoder, Session session, double start, RunReport run)
    {
        if (decoder.Baseline is not { } baseline || run.Ticks == 0) return null;
        var hopNs = (long)Math.Round(run.HopMs * 1e6);

        // The baseline may read further back than the model. It reads what lies before the replay, so that its first scored tick is the model's.
        var first = Reach(Window(decoder.File, hopNs), hopNs);
        var from = Math.Max(0, start + (first - Reach(baseline.Decoder.Description.WindowNs, hopNs)) * 1e-9);
        var range = new TimeRange(from, start + run.Ticks * hopNs * 1e-9);
        return new ComparisonReport
        {
            Decoder = baseline.File.Config.Kind,
            How = FormattableString.Invariant($"fitted on the same {decoder.File.Config.Training.Fitness?.Minutes:0.##} min, decoded offline"),
            Scores = EvaluateCommand.Evaluate(session, baseline.File, range, run.HopMs).Scores,
        };
    }

    /// <summary>Whole hops until a window is filled, ns.</summary>
    private static long Reach(long windowNs, long hopNs) => (windowNs + hopNs - 1) / hopNs * hopNs;

    private static long Window(ModelFile file, long hopNs)
    {
        var decoder = ModelLoader.Create(file, new DecoderOptions { HopNs = hopNs });
        using var owned = decoder as IDisposable;
        return decoder.Description.WindowNs;
    }
}
