using Realtime.Models.Mtm;
using Realtime.Models.Mtm.Training;
using Realtime.Models.Weights;

namespace Realtime.Models.Tests.Mtm.Training;

/// <summary>What the evaluator asks, against hiding by hand and the plain network.</summary>
public sealed class MtmEvaluatorTests
{
    private const int Neurons = 18;

    [Theory]
    [InlineData(MtmTask.CoSmoothing, MtmHidden.Zero)]
    [InlineData(MtmTask.CoSmoothing, MtmHidden.Mean)]
    [InlineData(MtmTask.ForwardPrediction, MtmHidden.Zero)]
    [InlineData(MtmTask.InterRegion, MtmHidden.Mean)]
    [InlineData(MtmTask.IntraRegion, MtmHidden.Zero)]
    [InlineData(MtmTask.IntraRegion, MtmHidden.Mean)]
    public void It_predicts_what_is_hidden_from_the_rest(MtmTask task, MtmHidden hidden)
    {
        var (recording, tensors, session) = Model(hidden);
        using var evaluator = new MtmEvaluator(tensors, Config, [session], new MtmTrainableOptions(), threads: 2);
        var trials = recording.Test.Take(3).ToArray();
        var actual = evaluator.Predict(task, 0, recording, trials, lastBins: 4);
        using var file = SafetensorsFile.Parse(new ArrayWeightBytes(SafetensorsWriter.ToBytes(tensors, new Dictionary<string, string>())), "model");
        var plain = new MtmNetwork(MtmWeights.Read(new WeightReader(file), Config, session.Stitcher, Neurons));
        for (var trial = 0; trial < trials.Length; trial++)
        {
            if (task == MtmTask.ForwardPrediction)
            {
                Check((bin, _) => bin >= 16, (bin, _) => bin >= 16, MtmPrompt.Causal);
                Assert.All(actual[trial][..(16 * Neurons)], rate => Assert.True(float.IsNaN(rate)));
                continue;
            }

            foreach (var neuron in new[] { 0, 4, 17 })
            {
                var mates = recording.RegionNeurons(recording.Session.UnitRegions[neuron]).ToArray();
                switch (task)
                {
                    case MtmTask.CoSmoothing:
                        Check((_, other) => other == neuron, (_, other) => other == neuron, MtmPrompt.Neuron);
                        break;
                    case MtmTask.InterRegion:
                        Check((_, other) => mates.Contains(other), (_, other) => mates.Contains(other), MtmPrompt.InterRegion);
                        break;
                    default:
                        Check((_, other) => other == neuron || !mates.Contains(other), (_, other) => other == neuron, MtmPrompt.IntraRegion);
                        break;
                }
            }

            void Check(Func<int, int, bool> isHidden, Func<int, int, bool> isScored, MtmPrompt prompt)
            {
                var batch = new MtmBatch(1, 20, Neurons)
                {
                    Prompt = prompt,
                    SessionRow = session.Row,
                    Mask = prompt == MtmPrompt.Causal ? MtmMask.StrictCausal : MtmMask.Upstream(prompt),
                };
                for (var at = 0; at < batch.Counts.Length; at++)
                    batch.Counts[at] = isHidden(at / Neurons, at % Neurons) ? recording.Hidden(at % Neurons) : trials[trial].Counts[at];
                var expected = plain.Forward(batch).LogRates;
                for (var at = 0; at < expected.Length; at++)
                    if (isScored(at / Neurons, at % Neurons)) Assert.Equal(expected[at], actual[trial][at], 1e-5f);
            }
        }
    }

    [Fact]
    public void Folds_hide_a_part_of_the_neurons_at_once_and_miss_none()
    {
        var (recording, tensors, session) = Model();
        using var evaluator = new MtmEvaluator(tensors, Config, [session]);
        var folds = evaluator.CoSmoothingInFolds(0, recording, recording.Valid, folds: 5);
        Assert.All(folds, trial => Assert.All(trial, rate => Assert.True(float.IsFinite(rate))));

        // As many folds as neurons is one at a time.
        var single = evaluator.CoSmoothingInFolds(0, recording, recording.Valid, folds: Neurons);
        var exact = evaluator.Predict(MtmTask.CoSmoothing, 0, recording, recording.Valid, lastBins: 1);
        for (var trial = 0; trial < exact.Length; trial++)
            for (var at = 0; at < exact[trial].Length; at++) Assert.Equal(single[trial][at], exact[trial][at], 1e-5f);
    }

    [Fact]
    public void Causal_states_do_not_know_the_future()
    {
        var (recording, tensors, session) = Model();
        using var evaluator = new MtmEvaluator(tensors, Config, [session]);
        var trial = recording.Test[0];
        var later = trial.Counts.ToArray();
        later.AsSpan(10 * Neurons).Fill(3);
        var states = evaluator.States(0, MtmPrompt.Causal, recording, [trial, trial with { Counts = later }]);
        Assert.Equal(states[0][..(10 * 8)], states[1][..(10 * 8)]);
        Assert.NotEqual(states[0][(10 * 8)..], states[1][(10 * 8)..]);
    }

    internal static MtmConfig Config { get; } = new() { NChannels = 6, Mult = 2, HiddenSize = 8, InterSize = 12, NLayers = 2, NHeads = 2, MaxF = 20, NSessions = 3 };

    private static (MtmRecording Recording, IReadOnlyList<TensorData> Tensors, MtmSession Session) Model(MtmHidden hidden = MtmHidden.Zero)
    {
        var recording = new MtmRecording(TrialSession.Make(silent: 4), 20, 20, hidden);
        var session = new MtmSession { Word = "trials", Row = 1, Stitcher = "trials", Neurons = Neurons };
        var tensors = MtmInitial.Tensors(Config, [(recording, session)], new MtmRecipe { Model = Config, PrincipalDirections = 4, HeadScale = 0.5 }, start: null);
        return (recording, tensors, session);
    }
}
