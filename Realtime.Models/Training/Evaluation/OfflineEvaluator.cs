using Realtime.Engine.Sessions;
using Realtime.Models.Possm;
using Realtime.Models.Poyo;
using Realtime.Models.Scores;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Training.Evaluation;

/// <summary>
/// Offline (stitched) scores of a transformer, as they are published: windows every half a window and one flush with each interval's end,
/// each asked about all its moments; answers about equal moments are averaged. They have seen the future and are never to be compared with
/// causal ones. Moments and targets are those that <see cref="SessionEvaluator"/> and <see cref="TrialEvaluator"/> score.
/// </summary>
public static class OfflineEvaluator
{
    private const int BlockWindows = 64;

    /// <param name="file">A model of kind poyo or possm; must stay open during the call.</param>
    /// <param name="session">The session; units are matched by name.</param>
    /// <param name="intervals">What is scored; spikes outside an interval are not seen.</param>
    /// <param name="stepNs">Distance of the moments; 0 for POSSM's chunk or POYO's target.</param>
    /// <param name="filter">Which moments are scored, by the mean over the target's interval.</param>
    /// <param name="constant">What the constant predictor answers.</param>
    /// <param name="threads">Threads that compute; 0 for one per processor. The scores do not depend on it.</param>
    /// <param name="cancellation">Stops between blocks of windows.</param>
    /// <exception cref="ArgumentException">The model is of another kind, an output has no behaviour channel, or the step is not POSSM's
    /// chunk.</exception>
    /// <exception cref="ModelFormatException">The file contradicts itself.</exception>
    public static ScoreAccumulator Evaluate(ModelFile file, Session session, IReadOnlyList<TimeRange> intervals, long stepNs = 0,
        BinFilter? filter = null, IReadOnlyList<double>? constant = null, int threads = 0, CancellationToken cancellation = default)
    {
        var windowNs = file.Config.BinNs * file.Config.Lags;
        var isPossm = file.Config.Kind == PossmDecoder.Kind;
        var step = stepNs > 0 ? stepNs : isPossm ? file.Config.BinNs : file.Config.TargetNs;
        if (isPossm && step != file.Config.BinNs)
            throw new ArgumentException($"This possm model answers every {file.Config.BinNs} ns, not every {step}.", nameof(stepNs));
        var reach = Math.Max(windowNs, file.Config.TargetNs);
        return Evaluate(file, session, intervals, filter, constant, threads, cancellation, flushWithEnd: false, interval =>
        {
            var first = interval.StartNs + (reach + step - 1) / step * step;
            var count = interval.EndNs < first ? 0 : (interval.EndNs - first) / step + 1;
            var moments = new long[count];
            for (var i = 0; i < moments.Length; i++) moments[i] = first + i * step;
            return moments;
        });
    }

    /// <summary>The same, of one moment per trial: its end.</summary>
    /// <inheritdoc cref="Evaluate(ModelFile, Session, IReadOnlyList{TimeRange}, long, BinFilter?, IReadOnlyList{double}?, int, CancellationToken)"/>
    public static ScoreAccumulator EvaluateTrials(ModelFile file, Session session, IReadOnlyList<TimeRange> trials, BinFilter? filter = null,
        IReadOnlyList<double>? constant = null, int threads = 0, CancellationToken cancellation = default)
    {
        var reach = Math.Max(file.Config.BinNs * file.Config.Lags, file.Config.TargetNs);
        return Evaluate(file, session, trials, filter, constant, threads, cancellation, flushWithEnd: true,
            trial => trial.LengthNs >= reach ? [trial.EndNs] : []);
    }

    private static ScoreAccumulator Evaluate(ModelFile file, Session session, IReadOnlyList<TimeRange> intervals, BinFilter? filter,
        IReadOnlyList<double>? constant, int threads, CancellationToken cancellation, bool flushWithEnd, Func<DataInterval, long[]> moments)
    {
        IOfflineNetwork network = file.Config.Kind switch
        {
            PoyoDecoder.Kind => new OfflinePoyo(file),
            PossmDecoder.Kind => new OfflinePossm(file),
            var other => throw new ArgumentException($"Offline scores are of transformers (poyo, possm); '{file.Name}' is of kind '{other}'. Score it " +
                "causally.", nameof(file)),
        };
        var targets = TargetSources.For(file.Config.Outputs, session.Behaviour);
        var means = new BehaviourMeans(session, filter is null ? targets : [.. targets, filter.Source], file.Config.TargetNs);
        var spikes = SpikeTrain.Of(session, new UnitTable(file.Config.Units));
        var accumulator = new ScoreAccumulator(file.Config.Outputs, constant);
        var (values, truth) = (new float[targets.Count], new double[targets.Count + 1]);
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount, CancellationToken = cancellation };
        foreach (var range in intervals)
        {
            var interval = DataInterval.Of(range);
            if (flushWithEnd) interval = interval with { StartNs = interval.EndNs - interval.LengthNs / network.GridNs * network.GridNs };
            var asked = moments(interval);
            var stitched = Stitch(network, spikes, interval, asked, targets.Count, options);
            for (var moment = 0; moment < asked.Length; moment++)
            {
                means.Mean(asked[moment], truth.AsSpan(0, means.Count));
                if (filter is not null && !filter.Keeps(truth[targets.Count])) continue;
                for (var output = 0; output < values.Length; output++) values[output] = stitched[moment * values.Length + output];
                accumulator.Append(values, truth.AsSpan(0, targets.Count));
            }
        }

        return accumulator;
    }

    /// <summary>[moments, outputs]; NaN where no window answers.</summary>
    private static float[] Stitch(IOfflineNetwork network, SpikeTrain spikes, DataInterval interval, long[] moments, int outputs,
        ParallelOptions options)
    {
        var length = network.Fitting(interval.LengthNs);
        var (sums, counts) = (new double[moments.Length * outputs], new int[moments.Length]);
        var starts = length == 0 || moments.Length == 0 ? [] : Starts(network, interval, length);
        for (var block = 0; block < starts.Count; block += BlockWindows)
        {
            var count = Math.Min(BlockWindows, starts.Count - block);
            var answers = new float[count][];
            var first = block;
            Parallel.For(0, count, options, i =>
            {
                var (from, to) = Within(moments, starts[first + i], length);
                answers[i] = from == to ? [] : network.Predict(spikes, starts[first + i], length, moments.AsSpan(from, to - from));
            });

            // NB: added in the windows' order, so that the sums do not depend on the threads.
            for (var i = 0; i < count; i++)
            {
                var (from, to) = Within(moments, starts[block + i], length);
                for (var at = 0; at < answers[i].Length; at++) sums[from * outputs + at] += answers[i][at];
                for (var moment = from; moment < to; moment++) counts[moment]++;
            }
        }

        var stitched = new float[sums.Length];
        for (var at = 0; at < sums.Length; at++) stitched[at] = counts[at / outputs] == 0 ? float.NaN : (float)(sums[at] / counts[at / outputs]);
        return stitched;
    }

    private static List<long> Starts(IOfflineNetwork network, DataInterval interval, long length)
    {
        var stride = Math.Max(network.GridNs, length / 2 / network.GridNs * network.GridNs);
        var starts = new List<long>();
        for (var start = interval.StartNs; start + length <= interval.EndNs; start += stride) starts.Add(start);
        var last = interval.StartNs + (interval.LengthNs - length) / network.GridNs * network.GridNs;
        if (starts[^1] != last) starts.Add(last);
        return starts;
    }

    /// <summary>The moments in (start, start + length].</summary>
    private static (int From, int To) Within(long[] moments, long start, long length) =>
        (FirstAt(moments, start + 1), FirstAt(moments, start + length + 1));

    private static int FirstAt(long[] moments, long at)
    {
        var found = Array.BinarySearch(moments, at);
        return found < 0 ? ~found : found;
    }
}
