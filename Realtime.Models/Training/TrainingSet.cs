using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Baselines;
using Realtime.Models.Scores;

namespace Realtime.Models.Training;

/// <summary>A session with the questions asked of it: which targets, which bins.</summary>
internal sealed class TrainingSet
{
    private readonly SpikeTrain _spikes;

    /// <exception cref="TrainingException">An option is out of range, a name is unknown, or the session lacks what training
    /// needs.</exception>
    public TrainingSet(Session session, TrainingOptions options)
    {
        options.Check();
        if (session.Units.Count == 0) throw new TrainingException($"Session '{session.Name}' has no units.");
        if (session.Train.Count == 0)
            throw new TrainingException($"Session '{session.Name}' names no training interval. Add splits to the session.");
        Session = session;
        Options = options;
        Filter = options.Filter is null ? null : BinFilter.Parse(options.Filter, session.Behaviour);
        try
        {
            Targets = TargetSources.For(options.Outputs ?? DefaultOutputs(session), session.Behaviour);
        }
        catch (ArgumentException error)
        {
            throw new TrainingException(error.Message, error);
        }

        if (Targets.Count == 0) throw new TrainingException($"Session '{session.Name}' has no behaviour to decode.");
        _spikes = SpikeTrain.Of(session, session.Units);
    }

    public Session Session { get; }

    public TrainingOptions Options { get; }

    public IReadOnlyList<TargetSource> Targets { get; }

    public IReadOnlyList<OutputChannel> Outputs => Targets.Select(target => target.Output).ToArray();

    public BinFilter? Filter { get; }

    public int Units => Session.Units.Count;

    public List<BinnedInterval> Bin(IEnumerable<TimeRange> intervals, long binNs, CancellationToken cancellation) =>
        intervals.Select(interval => Bin(interval, binNs, cancellation)).ToList();

    /// <summary>Start or end of an interval in data time, to the nearest ns.</summary>
    internal static long ToNs(double seconds) => (long)Math.Round(seconds * 1e9);

    private BinnedInterval Bin(TimeRange interval, long binNs, CancellationToken cancellation)
    {
        var start = ToNs(interval.Start);
        var bins = (int)Math.Max(0, (ToNs(interval.End) - start) / binNs);
        var counts = new float[checked(bins * Units)];
        var targets = new double[bins * Targets.Count];
        var usable = new bool[bins];
        var means = new double[Targets.Count + 1];
        var feed = new BehaviourFeed(Session, Filter is null ? Targets : [.. Targets, Filter.Source], binNs);
        feed.Seek(start + binNs);
        for (var bin = 0; bin < bins; bin++)
        {
            if (bin % 1024 == 0) cancellation.ThrowIfCancellationRequested();
            var end = start + (bin + 1) * binNs;
            BinCounter.Count(_spikes.Window(end - binNs, end), binNs, Units, counts.AsSpan(bin * Units, Units), 1);
            feed.Mean(end, means);
            var own = means.AsSpan(0, Targets.Count);
            own.CopyTo(targets.AsSpan(bin * Targets.Count));
            usable[bin] = Filter is null || Filter.Keeps(means[^1]);
            foreach (var mean in own) usable[bin] &= double.IsFinite(mean);
        }

        return new BinnedInterval(start, bins, counts, targets, usable);
    }

    internal static IEnumerable<string> DefaultOutputs(Session session)
    {
        var names = session.Behaviour.Select(channel => channel.Name).ToArray();
        var angles = names.Where(name => name.StartsWith("cos_", StringComparison.Ordinal)
            || name.StartsWith("sin_", StringComparison.Ordinal)).ToArray();
        if (angles.Length > 0) return angles;
        return names.Where((_, column) => HoldsNumber(session, column));
    }

    private static bool HoldsNumber(Session session, int column)
    {
        for (var at = column; at < session.BehaviourValues.Length; at += session.Behaviour.Count)
            if (float.IsFinite(session.BehaviourValues[at])) return true;
        return false;
    }
}
