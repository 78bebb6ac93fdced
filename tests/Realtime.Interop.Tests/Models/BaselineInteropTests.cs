using System.Globalization;
using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Training;
using Realtime.Models.Weights;

namespace Realtime.Interop.Tests.Models;

/// <summary>Fits and answers against plain numpy that starts from the same spike times: its own bins, statistics, solver and
/// filter.</summary>
public sealed class BaselineInteropTests
{
    private const int RateHz = 30000;
    private const int Units = 9;

    [NeedsNumpyFact]
    public void Ridge_regression_agrees_with_numpy()
    {
        var session = Make();
        foreach (var (binMs, lags, penalty) in new[] { (50, 4, 10.0), (100, 1, 1000.0), (20, 8, 1.0) })
        {
            var model = WienerTrainer.Train(session, new TrainingOptions { BinMs = binMs, Lags = lags, Penalties = [penalty] });
            var peer = Peer("ridge", session, binMs, lags, new() { ["penalty"] = Text(penalty) });
            Near(peer.Doubles("weight"), model.File.Tensors.Doubles("weight"), 1e-9);
            Near(peer.Doubles("prediction"), Answers(model.Decoder, session), 1e-4);
            Near(peer.Doubles("r2"), session.Behaviour.Select(channel => model.Report.Test[channel.Name]["r2"]).ToArray(), 1e-5);
        }
    }

    [NeedsNumpyFact]
    public void The_Kalman_filter_agrees_with_numpy()
    {
        var session = Make();
        foreach (var lag in new[] { 0, 2 })
        {
            var model = KalmanTrainer.Train(session, new TrainingOptions { BinMs = 50, Kalman = new KalmanOptions { LagBins = [lag] } });
            var peer = Peer("kalman", session, 50, lag + 1, []);
            Near(peer.Doubles("prediction"), Answers(model.Decoder, session), 1e-5);
        }
    }

    [NeedsNumpyFact]
    public void Naive_Bayes_agrees_with_numpy()
    {
        var session = Make();
        var options = new TrainingOptions
        {
            BinMs = 100,
            Outputs = ["a"],
            Bayes = new BayesOptions { Cells = 30, SmoothingCells = 1.2, TuningBinMs = 100, MinimumRateHz = 0.5 },
        };
        var model = BayesTrainer.Train(session, options);
        var peer = Peer("bayes", session, 100, 1,
            new() { ["cells"] = "30", ["sigma"] = "1.2", ["floor"] = "0.5", ["rate"] = Text(RateHz) });
        Near(peer.Doubles("prediction"), Answers(model.Decoder, session), 1e-5);
    }

    private static SafetensorsFile Peer(string command, Session session, int binMs, int lags, Dictionary<string, string> more)
    {
        using var folder = new TemporaryFolder();
        more["bin_samples"] = Text(binMs * RateHz / 1000);
        more["lags"] = Text(lags);
        var samples = (TimeRange range) => new[] { session.SampleAt(range.Start), session.SampleAt(range.End) };
        File.WriteAllBytes(folder.File("in"), SafetensorsWriter.ToBytes(
            [
                TensorData.Of("spikes", session.SpikeSamples, session.SpikeSamples.Length),
                TensorData.Of("units", Array.ConvertAll(session.SpikeUnits, unit => (long)unit), session.SpikeUnits.Length),
                TensorData.Of("count", [(long)Units]),
                TensorData.Of("behaviour_samples", session.BehaviourSamples, session.BehaviourSamples.Length),
                TensorData.Of("behaviour", session.BehaviourValues, session.BehaviourSamples.Length, session.Behaviour.Count),
                TensorData.Of("train_samples", samples(session.Train[0]), 1, 2),
                TensorData.Of("test_samples", samples(session.Test[0]), 1, 2),
            ],
            more));
        NumpyPeer.Call(command, folder.File("in"), folder.File("out"));
        return SafetensorsFile.Parse(new ArrayWeightBytes(File.ReadAllBytes(folder.File("out"))), "out");
    }

    /// <summary>Answers over the test interval, window by window, as a live run asks for them.</summary>
    private static double[] Answers(IDecoder decoder, Session session)
    {
        var description = decoder.Description;
        var timesNs = Array.ConvertAll(session.SpikeSamples, sample => sample * 1_000_000_000 / RateHz);
        var values = new float[description.Outputs.Count];
        var answers = new List<double>();
        var (start, end) = ((long)(session.Test[0].Start * 1e9), (long)(session.Test[0].End * 1e9));
        decoder.Reset();
        for (var at = start + description.WindowNs; at <= end; at += description.TargetNs)
        {
            var inside = Enumerable.Range(0, timesNs.Length).Where(i => timesNs[i] >= at - description.WindowNs && timesNs[i] < at)
                .ToArray();
            decoder.Decode(new SpikeWindow(at - description.WindowNs, at, inside.Select(i => timesNs[i]).ToArray(),
                inside.Select(i => session.SpikeUnits[i]).ToArray()), values);
            answers.AddRange(values.Select(value => (double)value));
        }

        return [.. answers];
    }

    /// <summary>Two slow signals and units that follow them, 48 s; unit 8 is silent in training. Whole seconds, so that bins meet in
    /// samples.</summary>
    private static Session Make()
    {
        var random = new Random(21);
        var (spikes, rows) = (new List<(long Sample, int Unit)>(), 4800);
        var values = new float[2 * rows];
        double a = 0, b = 0;
        for (var row = 0; row < rows; row++)
        {
            a = 0.98 * a + 0.2 * (random.NextDouble() - 0.5);
            b = 0.97 * b + 0.2 * (random.NextDouble() - 0.5);
            (values[2 * row], values[2 * row + 1]) = ((float)a, (float)b);
            for (var unit = 0; unit < Units; unit++)
            {
                if (unit == 8 && row < 3500) continue;
                var rate = 30 * Math.Exp(2 * (Math.Cos(unit) * a + Math.Sin(unit) * b));
                if (random.NextDouble() < rate * 0.01) spikes.Add((row * 300L + random.Next(6) * 50, unit));
            }
        }

        var ordered = spikes.OrderBy(spike => spike).ToArray();
        return new Session
        {
            Name = "peer",
            SampleRateHz = RateHz,
            Units = UnitTable.Numbered(Units),
            SpikeSamples = Array.ConvertAll(ordered, spike => spike.Sample),
            SpikeUnits = Array.ConvertAll(ordered, spike => spike.Unit),
            Behaviour = [new("a", "cm"), new("b", "cm")],
            BehaviourSamples = Enumerable.Range(0, rows).Select(row => row * 300L).ToArray(),
            BehaviourValues = values,
            DurationSeconds = 48,
            Segments = [new TimeRange(0, 48)],
            Train = [new TimeRange(0, 30)],
            Valid = [new TimeRange(30, 36)],
            Test = [new TimeRange(36, 48)],
        };
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Near(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"at {i}: {actual[i]} against numpy's {expected[i]}");
    }
}
