using Realtime.Engine.Sessions;
using Realtime.Models.Training;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Mtm.Training;

/// <summary>
/// A session cut into trials of whole bins. Trials are the session's segments, cut at the borders of its splits; a longer one gives several,
/// each from where the last one ended. Immutable; any thread.
/// </summary>
public sealed class MtmRecording
{
    private const double NsPerMs = 1e6;

    private readonly Dictionary<string, int[]> _regions;
    private readonly MtmHidden _hidden;
    private readonly bool _isRoot;
    private readonly bool _isCentred;

    /// <param name="session">The session.</param>
    /// <param name="binMs">Length of a bin, ms.</param>
    /// <param name="mostBins">Bins of a trial at most: the model's positions.</param>
    /// <param name="hidden">What a hidden count becomes.</param>
    /// <param name="rootCounts">Whether the network reads roots of counts.</param>
    /// <param name="centred">Whether means in training are taken off the inputs, so that a hidden one is 0; needs <see cref="MtmHidden.Mean"/>.</param>
    /// <exception cref="TrainingException">There is no trial to train on.</exception>
    public MtmRecording(Session session, double binMs, int mostBins, MtmHidden hidden = MtmHidden.Zero, bool rootCounts = false, bool centred = false)
    {
        if (centred && hidden != MtmHidden.Mean) throw new ArgumentException("Centred inputs hide counts as their means.", nameof(centred));
        (_hidden, _isRoot, _isCentred) = (hidden, rootCounts, centred);
        Session = session;
        BinNs = (long)Math.Round(binMs * NsPerMs);
        var spikes = SpikeTrain.Of(session, session.Units);
        Train = Cut(session.Train);
        Valid = Cut(session.Valid);
        Test = Cut(session.Test);
        if (Train.Count == 0)
        {
            throw new TrainingException($"Session '{session.Name}' has no training trial of at least one bin of {binMs} ms. " +
                "Give it training intervals (splits.train) that hold whole trials, or a shorter bin_ms.");
        }

        Means = MeansOf(Train);
        (Train, Valid, Test) = (Shown(Train), Shown(Valid), Shown(Test));
        _regions = session.UnitRegions.Index().GroupBy(unit => unit.Item, StringComparer.Ordinal).ToDictionary(
            region => region.Key, region => region.Select(unit => unit.Index).ToArray(), StringComparer.Ordinal);
        Regions = [.. _regions.Keys.Order(StringComparer.Ordinal)];

        IReadOnlyList<MtmRecordedTrial> Cut(IReadOnlyList<TimeRange> ranges)
        {
            var trials = new List<MtmRecordedTrial>();
            foreach (var piece in DataInterval.From(ranges, session.Segments))
            {
                for (var start = piece.StartNs; piece.EndNs - start >= BinNs; start += mostBins * BinNs)
                {
                    var bins = (int)Math.Min(mostBins, (piece.EndNs - start) / BinNs);
                    trials.Add(new MtmRecordedTrial(new TimeRange(start / 1e9, (start + bins * BinNs) / 1e9), bins, Count(start, bins)));
                }
            }

            return trials;
        }

        float[] Count(long start, int bins)
        {
            var counts = new float[bins * Neurons];
            var window = spikes.Window(start, start + bins * BinNs);
            for (var spike = 0; spike < window.TimesNs.Length; spike++)
                counts[(int)((window.TimesNs[spike] - start) / BinNs) * Neurons + window.Units[spike]]++;
            return counts;
        }
    }

    public Session Session { get; }

    public string Name => Session.Name;

    public int Neurons => Session.Units.Count;

    /// <summary>Length of a bin, ns.</summary>
    public long BinNs { get; }

    public IReadOnlyList<MtmRecordedTrial> Train { get; }

    public IReadOnlyList<MtmRecordedTrial> Valid { get; }

    public IReadOnlyList<MtmRecordedTrial> Test { get; }

    /// <summary>Mean per bin of each neuron in training: of its counts, or of their roots where the network reads those.</summary>
    public IReadOnlyList<float> Means { get; }

    /// <summary>Whether <see cref="Means"/> are taken off the inputs.</summary>
    public bool IsCentred => _isCentred;

    /// <summary>What stands in place of a hidden count where inputs are not centred, one per neuron; empty for zeros.</summary>
    public IReadOnlyList<float> HiddenCounts => _hidden == MtmHidden.Mean ? Means : [];

    /// <summary>What stands in place of a neuron's hidden input.</summary>
    public float Hidden(int neuron) => _hidden == MtmHidden.Mean && !_isCentred ? Means[neuron] : 0;

    /// <summary>Names of the regions, in ordinal order; empty where the session names none.</summary>
    public IReadOnlyList<string> Regions { get; }

    /// <summary>Neurons of a region, ascending.</summary>
    public ReadOnlySpan<int> RegionNeurons(string region) => _regions[region];

    private float[] MeansOf(IReadOnlyList<MtmRecordedTrial> trials)
    {
        var sums = new double[Neurons];
        foreach (var trial in trials)
            for (var at = 0; at < trial.Counts.Length; at++) sums[at % Neurons] += Value(trial.Counts[at]);
        var bins = trials.Sum(trial => trial.Bins);
        return Array.ConvertAll(sums, sum => (float)(sum / bins));
    }

    private IReadOnlyList<MtmRecordedTrial> Shown(IReadOnlyList<MtmRecordedTrial> trials)
    {
        if (!_isRoot && !_isCentred) return trials;
        return [.. trials.Select(trial => trial with { Input = [.. trial.Counts.Select((count, at) => Value(count) - (_isCentred ? Means[at % Neurons] : 0))] })];
    }

    private float Value(float count) => _isRoot ? MathF.Sqrt(count) : count;

    /// <summary>Spikes of each neuron in some trials, and the bins of those trials.</summary>
    public static (double[] Spikes, long Bins) Totals(IReadOnlyList<MtmRecordedTrial> trials, int neurons)
    {
        var spikes = new double[neurons];
        long bins = 0;
        foreach (var trial in trials)
        {
            bins += trial.Bins;
            for (var at = 0; at < trial.Counts.Length; at++) spikes[at % neurons] += trial.Counts[at];
        }

        return (spikes, bins);
    }
}
