using Realtime.Models.Kernels;
using Realtime.Models.Verification;

namespace Realtime.Models.Poyo;

/// <summary>
/// Runs POYO's live form on the spikes of a golden folder, nine hours into a stream, at once and after earlier windows. A stream has whole
/// nanoseconds, and rounding spikes to them moves predictions of sharp weights by up to 1.1e-4; so the reference is the plain form, which
/// has met the folder's, on the same nanoseconds.
/// </summary>
internal static class PoyoLiveVerifier
{
    // The live form answers one query per model; a few tell as much as all.
    private const int QueriesPerSample = 3;
    private const int EarlierWindows = 3;
    private const long EndNs = 32_400_123_456_789;

    public static IEnumerable<VerifyCase> Run(PoyoWeights weights, IReadOnlyList<PoyoSample> samples, double tolerance)
    {
        foreach (var kernels in KernelSet.Supported)
        {
            var plain = new PoyoNetwork(weights, kernels);
            yield return Case("poyo live against plain", hopNs: 0);
            yield return Case("poyo live after earlier windows against plain", Nanoseconds(weights.Config.LatentStep));

            VerifyCase Case(string name, long hopNs)
            {
                var largest = samples.Select(sample => Difference(weights, sample, plain, kernels, hopNs)).Aggregate(0.0, Worse);
                return new VerifyCase($"{name}, {kernels.Name}", [new VerifyStage("pred", largest, tolerance)]);
            }
        }
    }

    private static double Difference(PoyoWeights weights, PoyoSample sample, PoyoNetwork plain, KernelSet kernels, long hopNs)
    {
        var windowNs = Nanoseconds(weights.Config.SequenceLength);
        var spikes = Enumerable.Range(0, sample.SpikeTimes.Count)
            .Where(spike => sample.SpikeTimes[spike] >= 0 && sample.SpikeTimes[spike] < weights.Config.SequenceLength)
            .Select(spike => (TimeNs: EndNs - windowNs + Math.Min(Nanoseconds(sample.SpikeTimes[spike]), windowNs - 1), Unit: sample.SpikeUnits[spike]))
            .OrderBy(spike => spike.TimeNs).ToArray();
        var rounded = sample with
        {
            SpikeUnits = Array.ConvertAll(spikes, spike => spike.Unit),
            SpikeTimes = Array.ConvertAll(spikes, spike => (spike.TimeNs - (EndNs - windowNs)) * 1e-9),
            QueryTimes = Some(sample.QueryTimes),
        };
        var expected = plain.Forward(new PoyoTokenizer(weights.Config).Tokenize(rounded));
        var options = new DecoderOptions { HopNs = hopNs, MaxWindowSpikes = Math.Max(spikes.Length, 1) };
        var answer = new float[weights.Outputs];
        double largest = 0;
        for (var query = 0; query < rounded.QueryTimes.Count; query++)
        {
            using var live = new LivePoyo(weights, sample.UnitRows, sample.SessionRow, weights.Config.SequenceLength - rounded.QueryTimes[query], options, kernels);
            for (var endNs = EndNs - (hopNs == 0 ? 0 : EarlierWindows * hopNs); endNs <= EndNs; endNs += Math.Max(hopNs, 1))
            {
                var window = spikes.Where(spike => spike.TimeNs >= endNs - windowNs && spike.TimeNs < endNs).ToArray();
                live.Run(endNs, Array.ConvertAll(window, spike => spike.TimeNs), Array.ConvertAll(window, spike => spike.Unit), answer);
            }

            for (var output = 0; output < answer.Length; output++) largest = Worse(largest, Math.Abs((double)answer[output] - expected[query * answer.Length + output]));
        }

        return largest;
    }

    /// <summary>The first, the last, and one between.</summary>
    private static double[] Some(IReadOnlyList<double> times) => times.Count == 0
        ? []
        : [.. Enumerable.Range(0, QueriesPerSample).Select(i => i * (times.Count - 1) / (QueriesPerSample - 1)).Distinct().Select(query => times[query])];

    private static long Nanoseconds(double seconds) => (long)Math.Round(seconds * 1e9);

    /// <summary>The larger, or NaN.</summary>
    private static double Worse(double a, double b) => double.IsNaN(a) || double.IsNaN(b) ? double.NaN : Math.Max(a, b);
}
