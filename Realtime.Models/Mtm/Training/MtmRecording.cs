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

    /// <param name="session">The session.</param>
    /// <param name="binMs">Length of a bin, ms.</param>
    /// <param name="mostBins">Bins of a trial at most: the model's positions.</param>
    /// <exception cref="TrainingException">There is no trial to train on.</exception>
    public MtmRecording(Session session, double binMs, int mostBins)
    {
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

        var (total, trainBins) = Totals(Train, Neurons);
        Means = Array.ConvertAll(total, count => (float)(count / trainBins));
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

    /// <summary>Spikes per bin of each neuron in training.</summary>
    public IReadOnlyList<float> Means { get; }

    /// <summary>What stands in place of a hidden count.</summary>
    public float Hidden(int neuron, MtmHidden hidden) => hidden == MtmHidden.Mean ? Means[neuron] : 0;

    /// <summary>Names of the regions, in ordinal order; empty where the session names none.</summary>
    public IReadOnlyList<string> Regions { get; }

    /// <summary>Neurons of a region, ascending.</summary>
    public ReadOnlySpan<int> RegionNeurons(string region) => _regions[region];

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
