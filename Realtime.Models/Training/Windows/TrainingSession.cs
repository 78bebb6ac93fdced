using Realtime.Engine.Decoding;
using Realtime.Engine.Numerics;
using Realtime.Engine.Sessions;
using Realtime.Models.Scores;

namespace Realtime.Models.Training.Windows;

/// <summary>One session, ready to be cut into windows. Immutable; any thread.</summary>
public sealed class TrainingSession
{
    private readonly WindowOptions _options;
    private readonly SpikeTrain _spikes;
    private readonly BehaviourMeans _means;
    private readonly int[] _sourceOf;
    private readonly BinFilter? _filter;
    private readonly OutputNormalisation _normalisation;
    private readonly Dictionary<SessionPart, List<DataInterval>> _intervals;

    internal TrainingSession(Session session, int row, int[] unitRows, IReadOnlyList<OutputChannel> outputs, WindowOptions options)
    {
        (Session, Row, UnitRows, _options) = (session, row, unitRows, options);
        _filter = Filter(session, options);
        var sources = new List<TargetSource>();
        _sourceOf = new int[outputs.Count];
        for (var output = 0; output < outputs.Count; output++)
        {
            var has = TargetSources.TryFind(outputs[output].Name, session.Behaviour, out var source);
            _sourceOf[output] = has ? sources.Count : -1;
            if (has) sources.Add(source);
        }

        if (sources.Count == 0)
            throw new TrainingException($"Session '{session.Name}' has none of the outputs {string.Join(", ", outputs.Select(output => output.Name))}; its " +
                $"channels are {string.Join(", ", session.Behaviour.Select(channel => channel.Name).DefaultIfEmpty("none"))}. Leave it out, or name other outputs.");
        if (_filter is not null) sources.Add(_filter.Source);
        _means = new BehaviourMeans(session, sources, options.TargetNs);
        _spikes = SpikeTrain.Of(session, session.Units);
        if (session.Train.Count == 0)
            throw new TrainingException($"Session '{session.Name}' names no training interval. Add splits to its meta.json, or leave it out.");
        _intervals = Enum.GetValues<SessionPart>().ToDictionary(part => part,
            part => AllIntervals(part).FindAll(interval => interval.LengthNs >= options.WindowNs));
        var all = AllIntervals(SessionPart.Train);
        var usable = _intervals[SessionPart.Train];
        if (usable.Count == 0) throw NoRoom(all);
        _normalisation = OutputNormalisation.Of(this, outputs, usable);
        Notes = [.. ShortNote(all, usable), .. SilentNote(usable), .. _normalisation.Notes];
    }

    public Session Session { get; }

    /// <summary>Its row of the session table.</summary>
    public int Row { get; }

    /// <summary>Row of the unit table for each of its units, silent ones included.</summary>
    public IReadOnlyList<int> UnitRows { get; }

    /// <summary>Whether each output is known in its training intervals; the others are NaN in its windows.</summary>
    public IReadOnlyList<bool> Knows => _normalisation.Knows;

    /// <summary>Mean of each output over the training intervals, in bins of one target; 0 where it is not known.</summary>
    public IReadOnlyList<double> OutputMean => _normalisation.Mean;

    /// <summary>Standard deviation (over n) likewise; 1 where it is not known.</summary>
    public IReadOnlyList<double> OutputSd => _normalisation.Sd;

    /// <summary>Sentences the user should read.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The intervals windows are taken from: those of the split, cut at segments where the options say so, and none shorter than
    /// the window.</summary>
    public IReadOnlyList<TimeRange> Intervals(SessionPart part) => DataIntervals(part).Select(interval => interval.Range).ToArray();

    internal long TargetNs => _options.TargetNs;

    internal IReadOnlyList<DataInterval> DataIntervals(SessionPart part) => _intervals[part];

    /// <summary>The outputs' means over the target that ends at a moment, in the session's own units, and whether the filter keeps
    /// it.</summary>
    internal bool Targets(long endNs, long intervalStartNs, Span<double> means)
    {
        means.Fill(double.NaN);
        if (endNs - _options.TargetNs < intervalStartNs) return false;
        Span<double> known = stackalloc double[_means.Count];
        _means.Mean(endNs, known);
        for (var output = 0; output < _sourceOf.Length; output++)
            if (_sourceOf[output] >= 0) means[output] = known[_sourceOf[output]];
        return _filter is null || _filter.Keeps(known[^1]);
    }

    /// <summary>The window at a place; with the options' dropout and jitter where <paramref name="random"/> is given.</summary>
    internal TrainingWindow Cut(WindowPlace place, PortableRandom? random)
    {
        var window = _spikes.Window(place.StartNs, place.StartNs + _options.WindowNs);
        var kept = KeptUnits(random);
        var (units, times) = (new List<int>(window.Units.Length), new List<double>(window.Units.Length));
        for (var spike = 0; spike < window.Units.Length; spike++)
        {
            var unit = kept.IndexOf[window.Units[spike]];
            if (unit < 0) continue;
            if (random is not null && _options.SpikeDropout > 0 && random.Uniform() < _options.SpikeDropout) continue;
            units.Add(unit);
            times.Add(Seconds(Jittered(window.TimesNs[spike] - place.StartNs, random)));
        }

        int[] spikeUnits = [.. units];
        double[] spikeTimes = [.. times];

        // NB: not Array.Sort on its own, which may order equal times either way.
        if (random is not null && _options.TimeJitterMs > 0) SortByTime(spikeTimes, spikeUnits);
        var queries = (int)(_options.WindowNs / _options.QueryStepNs);
        var (queryTimes, weights) = (new double[queries], new float[queries]);
        var outputs = _sourceOf.Length;
        var targets = new float[queries * outputs];
        Span<double> means = stackalloc double[outputs];
        for (var query = 0; query < queries; query++)
        {
            var at = _options.WindowNs - (queries - 1 - query) * _options.QueryStepNs;
            var isKept = Targets(place.StartNs + at, place.IntervalStartNs, means);
            queryTimes[query] = Seconds(at);
            weights[query] = isKept && at >= _options.BurnInNs ? 1 : 0;
            for (var output = 0; output < outputs; output++) targets[query * outputs + output] = _normalisation.Normalised(output, means[output]);
        }

        return new TrainingWindow
        {
            Length = Seconds(_options.WindowNs),
            SessionRow = Row,
            UnitRows = kept.Rows,
            SpikeUnits = spikeUnits,
            SpikeTimes = spikeTimes,
            QueryTimes = queryTimes,
            Targets = targets,
            QueryWeights = weights,
        };
    }

    // NB: a quotient, not a product with 1e-9, so that a whole ms comes out as the literal that a chunk's border is.
    private static double Seconds(long ns) => ns / 1e9;

    private static void SortByTime(double[] times, int[] units)
    {
        var order = Enumerable.Range(0, times.Length).OrderBy(spike => times[spike]).ToArray();
        var (byTime, byUnit) = (Array.ConvertAll(order, spike => times[spike]), Array.ConvertAll(order, spike => units[spike]));
        byTime.CopyTo(times, 0);
        byUnit.CopyTo(units, 0);
    }

    /// <summary>Rows of the units that stay, in the session's order, and each unit's index among them (-1 for none).</summary>
    private (int[] Rows, int[] IndexOf) KeptUnits(PortableRandom? random)
    {
        var units = UnitRows.Count;
        var keep = new bool[units];
        keep.AsSpan().Fill(true);
        if (random is not null && _options.UnitDropout is { } dropout)
        {
            var order = Enumerable.Range(0, units).ToArray();
            random.Shuffle<int>(order);
            foreach (var unit in order.AsSpan(dropout.Draw(units, random))) keep[unit] = false;
        }
        else if (random is not null && _options.UnitDropoutShare > 0)
        {
            for (var unit = 0; unit < units; unit++) keep[unit] = random.Uniform() >= _options.UnitDropoutShare;
            if (!keep.Contains(true)) keep[random.Below(units)] = true;
        }

        var (rows, indexOf) = (new List<int>(units), new int[units]);
        for (var unit = 0; unit < units; unit++)
        {
            indexOf[unit] = keep[unit] ? rows.Count : -1;
            if (keep[unit]) rows.Add(UnitRows[unit]);
        }

        return ([.. rows], indexOf);
    }

    private long Jittered(long timeNs, PortableRandom? random)
    {
        if (random is null || _options.TimeJitterMs == 0) return timeNs;
        var (moved, last) = (timeNs + (long)(random.Normal() * _options.TimeJitterMs * 1e6), _options.WindowNs - 1);
        if (moved < 0) moved = -moved;
        if (moved > last) moved = 2 * last - moved;
        return Math.Clamp(moved, 0, last);
    }

    private static BinFilter? Filter(Session session, WindowOptions options)
    {
        try
        {
            return options.Filter is null ? null : BinFilter.Parse(options.Filter, session.Behaviour);
        }
        catch (TrainingException error)
        {
            throw new TrainingException($"Session '{session.Name}': {error.Message}", error);
        }
    }

    /// <summary>The short ones too.</summary>
    private List<DataInterval> AllIntervals(SessionPart part)
    {
        IEnumerable<TimeRange> ranges = part switch
        {
            SessionPart.Train => Session.Train,
            SessionPart.Valid => Session.Valid,
            SessionPart.Test => Session.Test,
            _ => Session.Train.Concat(Session.Valid),
        };
        return DataInterval.From(ranges, _options.RespectSegments ? Session.Segments : null);
    }

    private TrainingException NoRoom(List<DataInterval> all)
    {
        var longest = all.Count == 0 ? 0 : all.Max(interval => interval.LengthNs);
        return new TrainingException(FormattableString.Invariant($"Session '{Session.Name}' has no training interval as long as a window of ") +
            FormattableString.Invariant($"{_options.WindowSeconds} s: the longest unbroken one is {longest / 1e9} s. Choose a shorter window_s") +
            (_options.RespectSegments && Session.Segments.Count > 1 ? ", or set respect_segments to false." : "."));
    }

    private IEnumerable<string> ShortNote(List<DataInterval> all, List<DataInterval> usable)
    {
        if (usable.Count == all.Count) yield break;
        yield return FormattableString.Invariant($"Session '{Session.Name}': {all.Count - usable.Count} of {all.Count} training intervals are ") +
            FormattableString.Invariant($"shorter than the window of {_options.WindowSeconds} s and are left out; ") +
            FormattableString.Invariant($"{usable.Sum(interval => interval.LengthNs) / 1e9:F1} of {all.Sum(interval => interval.LengthNs) / 1e9:F1} s remain.");
    }

    private IEnumerable<string> SilentNote(List<DataInterval> usable)
    {
        var fires = new bool[UnitRows.Count];
        foreach (var interval in usable)
            foreach (var unit in _spikes.Window(interval.StartNs, interval.EndNs).Units) fires[unit] = true;
        var silent = Enumerable.Range(0, fires.Length).Where(unit => !fires[unit]).ToArray();
        if (silent.Length == fires.Length)
            throw new TrainingException($"No unit of session '{Session.Name}' fires in its training intervals: there is nothing to decode from.");
        if (silent.Length == 0) yield break;
        yield return $"Session '{Session.Name}': {silent.Length} of {fires.Length} units never fire in the training intervals and stay untrained: " +
            string.Join(", ", silent.Take(10).Select(unit => Session.Units[unit])) + (silent.Length > 10 ? ", ..." : ".");
    }
}
