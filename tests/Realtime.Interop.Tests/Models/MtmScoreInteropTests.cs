using System.Text.Json;
using Realtime.Engine.Sessions;
using Realtime.Models.Mtm.Training;
using Realtime.Models.Weights;

namespace Realtime.Interop.Tests.Models;

/// <summary>MtM's scores against plain numpy on the same numbers.</summary>
public sealed class MtmScoreInteropTests
{
    private const int Trials = 24;
    private const int Bins = 10;
    private const int Neurons = 7;

    [NeedsNumpyFact]
    public void Bits_per_spike_and_explained_variance_are_numpys()
    {
        var random = new Random(8);
        int[] conditions = [.. Enumerable.Range(0, Trials).Select(trial => trial % 5)];
        var logRates = new float[Trials][];
        var trials = new MtmRecordedTrial[Trials];
        for (var trial = 0; trial < Trials; trial++)
        {
            logRates[trial] = new float[Bins * Neurons];
            var counts = new float[Bins * Neurons];
            for (var at = 0; at < counts.Length; at++)
            {
                var (bin, neuron) = (at / Neurons, at % Neurons);
                var z = -1.5 + 0.5 * Math.Sin(bin + conditions[trial]) + 0.3 * random.NextDouble();

                // Neuron 0 is silent, 1 is said to be so though it is not, 2 is scored on its last bins, 3 not at all.
                logRates[trial][at] = neuron == 1 ? -800 : neuron == 3 || (neuron == 2 && bin < 6) ? float.NaN : (float)z;
                if (neuron == 0) continue;
                while (random.NextDouble() < 0.3 * Math.Exp(z + 1)) counts[at]++;
            }

            trials[trial] = new MtmRecordedTrial(new TimeRange(trial, trial + 0.2), Bins, counts);
        }

        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("in"), SafetensorsWriter.ToBytes(
            [
                TensorData.Of("log_rates", logRates.SelectMany(values => values).ToArray(), Trials, Bins, Neurons),
                TensorData.Of("counts", trials.SelectMany(trial => trial.Counts).ToArray(), Trials, Bins, Neurons),
                TensorData.Of("conditions", Array.ConvertAll(conditions, condition => (long)condition), Trials),
            ], new Dictionary<string, string>()));
        using var peer = JsonDocument.Parse(NumpyPeer.CallScript(Path.Combine("Models", "mtm_peer.py"), folder.File("in")));
        var scores = MtmNeuronScores.Of(trials, logRates, conditions);
        Near("bps", scores.BitsPerSpike);
        Near("single", scores.TrialR2);
        Near("psth", scores.PsthR2);
        Assert.True(double.IsNaN(scores.BitsPerSpike[0]) && double.IsNaN(scores.BitsPerSpike[3]));
        Assert.Equal(scores.BitsPerSpike.Where(double.IsFinite).Average(), scores.Mean, 1e-12);
        Assert.Equal(5, scores.Neurons);
        var known = Enumerable.Range(0, Neurons).Where(neuron => double.IsFinite(scores.BitsPerSpike[neuron])).ToArray();
        Assert.Equal(known.Sum(neuron => scores.BitsPerSpike[neuron] * scores.Spikes[neuron]) / known.Sum(neuron => scores.Spikes[neuron]), scores.SpikeWeightedMean, 1e-12);

        void Near(string name, double[] actual)
        {
            var expected = peer.RootElement.GetProperty(name).EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Null ? double.NaN : value.GetDouble()).ToArray();
            Assert.Equal(expected.Length, actual.Length);
            for (var neuron = 0; neuron < expected.Length; neuron++)
                Assert.True(expected[neuron].Equals(actual[neuron]) || Math.Abs(expected[neuron] - actual[neuron]) <= 1e-6 * Math.Max(1, Math.Abs(expected[neuron])),
                    $"{name} of neuron {neuron}: {actual[neuron]} against numpy's {expected[neuron]}");
        }
    }
}
