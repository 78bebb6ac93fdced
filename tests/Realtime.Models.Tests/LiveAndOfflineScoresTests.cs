using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Scores;
using Realtime.Models.Training;

namespace Realtime.Models.Tests;

public sealed class LiveAndOfflineScoresTests
{
    [Theory]
    [InlineData("wiener")]
    [InlineData("kalman")]
    [InlineData("bayes")]
    public void A_live_run_over_the_test_interval_scores_the_same_to_the_bit(string kind)
    {
        var session = SyntheticSession.Make(seed: 8);
        var model = BaselineTrainer.Train(kind, session, new TrainingOptions { BinMs = 50, Lags = 4, Outputs = ["x", "y"] });
        var constant = model.File.Config.Training.TargetMean;
        var offline = SessionEvaluator.Evaluate(model.Decoder, session, session.Test, 0, null, constant);
        var live = Live(model.Decoder, session, constant);
        Assert.Equal(offline.Pairs, live.Pairs);
        foreach (var (target, scores) in offline.Scores())
        {
            var lived = live.Scores()[target];
            foreach (var (metric, value) in scores)
                Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(lived[metric]));
        }
    }

    /// <summary>As a run does: behaviour arrives in pieces, from before the interval on, and answers wait until it has passed their
    /// end.</summary>
    private static ScoreAccumulator Live(IDecoder decoder, Session session, IReadOnlyList<double> constant)
    {
        var description = decoder.Description;
        var targets = TargetSources.For(description.Outputs, session.Behaviour);
        var averager = new TargetAverager(targets, session.SampleRateHz, 0, description.TargetNs);
        var scores = new ScoreAccumulator(description.Outputs, constant);
        var waiting = new Queue<(long EndNs, float[] Values)>();
        var random = new Random(2);
        var (start, end) = ((long)(session.Test[0].Start * 1e9), (long)(session.Test[0].End * 1e9));
        var step = description.HopNs > 0 ? description.HopNs : description.TargetNs;
        var means = new double[targets.Count];
        var row = Array.FindIndex(session.BehaviourSamples, sample => sample * 1_000_000_000 / 30000 >= start - 1_000_000_000);
        decoder.Reset();
        for (var at = start + description.WindowNs; at <= end; at += step)
        {
            var inside = Enumerable.Range(0, session.SpikeSamples.Length)
                .Where(i => session.SpikeSamples[i] * 1_000_000_000 / 30000 is var time && time >= at - description.WindowNs
                    && time < at).ToArray();
            var values = new float[targets.Count];
            decoder.Decode(new SpikeWindow(at - description.WindowNs, at,
                [.. inside.Select(i => session.SpikeSamples[i] * 1_000_000_000 / 30000)],
                [.. inside.Select(i => session.SpikeUnits[i])]), values);
            waiting.Enqueue((at, values));
            var until = at == end || at + step > end ? session.BehaviourSamples.Length
                : Math.Min(row + random.Next(25), session.BehaviourSamples.Length);
            for (; row < until; row++)
            {
                for (var channel = 0; channel < session.Behaviour.Count; channel++)
                    averager.Add(session.BehaviourSamples[row], channel, session.BehaviourValues[row * session.Behaviour.Count + channel]);
            }

            while (waiting.TryPeek(out var answer) && (averager.IsComplete(answer.EndNs) || at + step > end))
            {
                averager.Mean(answer.EndNs, means);
                scores.Append(answer.Values, means);
                waiting.Dequeue();
            }
        }

        return scores;
    }
}
