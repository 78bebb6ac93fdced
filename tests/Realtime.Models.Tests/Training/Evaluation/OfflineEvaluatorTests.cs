using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Kernels;
using Realtime.Models.Possm;
using Realtime.Models.Poyo;
using Realtime.Models.Scores;
using Realtime.Models.Tests.Possm;
using Realtime.Models.Tests.Poyo;
using Realtime.Models.Tests.Training.Windows;
using Realtime.Models.Training;
using Realtime.Models.Training.Evaluation;

namespace Realtime.Models.Tests.Training.Evaluation;

/// <summary>The answers themselves are seen through their mean absolute error against a behaviour of 0.</summary>
public sealed class OfflineEvaluatorTests
{
    private static readonly OutputChannel[] Outputs = [new("vx", "cm/s"), new("vy", "cm/s")];

    private static readonly Session Session = new SmallSession
    {
        Units = 6,
        Seconds = 12,
        Behaviour = Outputs,
        HasRow = ms => ms % 5 == 0,
        Value = (_, _) => 0,
    }.Make();

    [Fact]
    public void A_moment_that_one_window_answers_scores_as_live()
    {
        foreach (var file in new[] { Poyo(), Possm() })
        {
            using (file)
            {
                var decoder = ModelLoader.Create(file);
                TimeRange[] trials = [new(1, 2), new(3.0125, 4.0125), new(7, 8)];
                var live = TrialEvaluator.Evaluate(decoder, Session, trials);
                var offline = OfflineEvaluator.EvaluateTrials(file, Session, trials);
                Assert.Equal(3, live.Pairs);
                Same(live, offline);
            }
        }
    }

    [Fact]
    public void Possm_in_one_window_answers_every_chunk_as_live()
    {
        using var file = Possm();
        TimeRange[] intervals = [new(2, 3), new(5.5, 6.2)];
        var live = SessionEvaluator.Evaluate(ModelLoader.Create(file), Session, intervals);
        Assert.Equal(20 + 14, live.Pairs);
        Same(live, OfflineEvaluator.Evaluate(file, Session, intervals));
    }

    [Fact]
    public void Poyo_answers_are_averaged_over_the_windows_that_share_a_moment()
    {
        using var file = Poyo();
        var config = PoyoSize;
        var network = new PoyoNetwork(PoyoWeights.Read(new(file.Tensors), config), KernelSet.Best);
        var (start, end) = (2_000_000_000L, 4_200_000_000L);
        var expected = new List<double>();
        for (var at = start + 1_000_000_000; at <= end; at += 100_000_000)
        {
            var answers = new List<double>();
            foreach (var from in new[] { start, start + 500_000_000, start + 1_000_000_000, end - 1_000_000_000 })
            {
                if (at <= from || at > from + 1_000_000_000) continue;
                var spikes = Enumerable.Range(0, Session.SpikeSamples.Length)
                    .Where(i => Session.SpikeSamples[i] * 1_000_000 >= from && Session.SpikeSamples[i] * 1_000_000 < from + 1_000_000_000).ToArray();
                var sample = new PoyoSample
                {
                    UnitRows = [1, 2, 3, 4, 5, 6],
                    SpikeUnits = [.. spikes.Select(i => Session.SpikeUnits[i])],
                    SpikeTimes = [.. spikes.Select(i => (Session.SpikeSamples[i] * 1_000_000 - from) / 1e9)],
                    SessionRow = 1,
                    QueryTimes = [(at - from) / 1e9],
                };
                answers.Add(network.Forward(new PoyoTokenizer(config).Tokenize(sample))[0]);
            }

            expected.Add(answers.Average());
        }

        var offline = OfflineEvaluator.Evaluate(file, Session, [new TimeRange(2, 4.2)], threads: 2);
        Assert.Equal(expected.Count, offline.Pairs);
        Assert.Equal(expected.Average(Math.Abs), offline.Scores()["vx"]["mean_abs_error"], 4);

        // The live scorer asks about the same moments, but answers from the past alone.
        var live = SessionEvaluator.Evaluate(ModelLoader.Create(file), Session, [new TimeRange(2, 4.2)]);
        Assert.Equal(live.Pairs, offline.Pairs);
        Assert.NotEqual(live.Scores()["vx"]["mean_abs_error"], offline.Scores()["vx"]["mean_abs_error"], 4);
    }

    [Fact]
    public void Scores_do_not_depend_on_threads()
    {
        foreach (var file in new[] { Poyo(), Possm() })
        {
            using (file)
            {
                TimeRange[] intervals = [new(0, 5.03), new(6, 11.9)];
                var (one, three) = (OfflineEvaluator.Evaluate(file, Session, intervals, threads: 1), OfflineEvaluator.Evaluate(file, Session, intervals, threads: 3));
                Assert.Equal(one.Scores()["vx"], three.Scores()["vx"]);
                Assert.Equal(SessionEvaluator.Evaluate(ModelLoader.Create(file), Session, intervals).Pairs, one.Pairs);
            }
        }
    }

    [Fact]
    public void A_linear_model_has_no_offline_score()
    {
        var model = WienerTrainer.Train(SyntheticSession.Make(seconds: 30), new TrainingOptions { Outputs = ["x"] });
        Assert.Contains("causally", Assert.Throws<ArgumentException>(() => OfflineEvaluator.Evaluate(model.File, Session, [])).Message);
    }

    private static PoyoConfig PoyoSize { get; } = new() { Dim = 16, Depth = 1, DimHead = 8, NumLatentsPerStep = 4, CrossHeads = 1, SelfHeads = 2 };

    private static ModelFile Poyo()
    {
        var settings = new PoyoSettings
        {
            HyperParameters = PoyoSize,
            UnitVocab = ["NA", "a", "b", "c", "d", "e", "f"],
            SessionVocab = ["NA", "s"],
            Session = "s",
            UnitRows = [1, 2, 3, 4, 5, 6],
        };
        return ModelFile.Parse(ModelFile.ToBytes(RandomPossm.Config(RandomPossm.Settings(new PossmConfig(), 6)) with
        {
            Kind = "poyo",
            BinNs = 1_000_000_000,
            TargetNs = 100_000_000,
            Settings = System.Text.Json.JsonSerializer.SerializeToNode(settings, new System.Text.Json.JsonSerializerOptions
            {
                PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.SnakeCaseLower,
                IgnoreReadOnlyProperties = true,
            })!.AsObject(),
        }, RandomPoyo.Tensors(PoyoSize, new Random(4), 7, 2, 2)), "poyo.rtmodel");
    }

    private static ModelFile Possm()
    {
        var config = new PossmConfig { Dim = 16, DimHead = 8, RnnDim = 24, NumLatents = 2, OutputCaCtxLim = 3 };
        return RandomPossm.File(RandomPossm.Settings(config, 6) with { OutputSd = [2, 3], OutputMean = [0.5, -1] },
            RandomPossm.Tensors(config, new Random(5), late: true, unitRows: 7));
    }

    private static void Same(ScoreAccumulator live, ScoreAccumulator offline)
    {
        Assert.Equal(live.Pairs, offline.Pairs);
        foreach (var output in Outputs)
        {
            var (a, b) = (live.Scores()[output.Name], offline.Scores()[output.Name]);
            Assert.True(a["mean_abs_error"] > 1e-3);
            Assert.Equal(a["mean_abs_error"], b["mean_abs_error"], 4);
            Assert.Equal(a["rmse"], b["rmse"], 4);
        }
    }
}
