using Realtime.Engine.Decoding;
using Realtime.Engine.Numerics;
using Realtime.Engine.Sessions;
using Realtime.Models.Mtm;
using Realtime.Models.Mtm.Training;
using Realtime.Models.Training;

namespace Realtime.Models.Tests.Mtm.Training;

public sealed class MtmDataTests
{
    private const int Neurons = 18;

    [Fact]
    public void Trials_hold_every_spike_in_its_bin()
    {
        var session = TrialSession.Make();
        var recording = new MtmRecording(session, 20, 20);
        Assert.Equal((36, 12, 12), (recording.Train.Count, recording.Valid.Count, recording.Test.Count));
        var all = recording.Train.Concat(recording.Valid).Concat(recording.Test).ToArray();
        Assert.All(all, trial => Assert.Equal(20, trial.Bins));
        var expected = new float[all.Length][];
        for (var trial = 0; trial < all.Length; trial++) expected[trial] = new float[20 * Neurons];
        for (var spike = 0; spike < session.SpikeSamples.Length; spike++)
        {
            var trial = (int)(session.SpikeSamples[spike] / 45_000);
            expected[trial][(session.SpikeSamples[spike] - 7500 - trial * 45_000) / 600 * Neurons + session.SpikeUnits[spike]]++;
        }

        for (var trial = 0; trial < all.Length; trial++) Assert.Equal(expected[trial], all[trial].Counts);
        Assert.Equal(["CA1", "LP", "VISp"], recording.Regions);
        Assert.Equal([1, 4, 7, 10, 13, 16], recording.RegionNeurons("VISp").ToArray());
    }

    [Fact]
    public void Inputs_are_counts_or_roots_and_centred_ones_have_mean_0_in_training()
    {
        var session = TrialSession.Make();
        var (plain, roots) = (new MtmRecording(session, 20, 20), new MtmRecording(session, 20, 20, MtmHidden.Mean, rootCounts: true));
        var centred = new MtmRecording(session, 20, 20, MtmHidden.Mean, rootCounts: true, centred: true);
        Assert.Same(plain.Test[0].Counts, plain.Test[0].Input);
        Assert.Empty(plain.HiddenCounts);
        Assert.Equal(roots.HiddenCounts, centred.HiddenCounts);
        for (var neuron = 0; neuron < Neurons; neuron++)
        {
            var counts = plain.Train.SelectMany(trial => trial.Counts.Where((_, at) => at % Neurons == neuron)).ToArray();
            Assert.Equal(counts.Average(count => Math.Sqrt(count)), roots.Means[neuron], 1e-6);
            Assert.Equal((roots.Means[neuron], 0f), (roots.Hidden(neuron), centred.Hidden(neuron)));
            Assert.Equal(0, centred.Train.SelectMany(trial => trial.Input.Where((_, at) => at % Neurons == neuron)).Average(), 1e-6);
        }

        for (var at = 0; at < plain.Test[0].Counts.Length; at++)
        {
            Assert.Equal(Math.Sqrt(plain.Test[0].Counts[at]), roots.Test[0].Input[at], 1e-6);
            Assert.Equal(roots.Test[0].Input[at] - roots.Means[at % Neurons], centred.Test[0].Input[at]);
        }
    }

    [Fact]
    public void Long_stretches_give_trial_after_trial_and_rests_shorter_than_a_bin_are_left_out()
    {
        var session = TrialSession.Make() with { Segments = [new TimeRange(0, 90)], Train = [new TimeRange(1, 2.07)], Valid = [], Test = [] };
        var recording = new MtmRecording(session, 20, 20);
        Assert.Equal([20, 20, 13], recording.Train.Select(trial => trial.Bins));
        Assert.Equal(new TimeRange(1.4, 1.8), recording.Train[1].Range);
        var none = session with { Train = [new TimeRange(1, 1.01)] };
        Assert.Contains("no training trial", Assert.Throws<TrainingException>(() => new MtmRecording(none, 20, 20)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MtmPrompt.Neuron, MtmHidden.Zero)]
    [InlineData(MtmPrompt.Causal, MtmHidden.Zero)]
    [InlineData(MtmPrompt.InterRegion, MtmHidden.Mean)]
    [InlineData(MtmPrompt.IntraRegion, MtmHidden.Mean)]
    public void Each_scheme_hides_and_scores_what_it_should(MtmPrompt prompt, MtmHidden hidden)
    {
        var recording = new MtmRecording(TrialSession.Make(), 20, 20, hidden);
        var random = new PortableRandom(1, 1);
        var inside = recording.RegionNeurons("LP").ToArray();
        double scoredNeurons = 0, scoredBins = 0;
        const int draws = 400;
        for (var draw = 0; draw < draws; draw++)
        {
            var source = recording.Train[draw % recording.Train.Count];
            var trial = MtmMasking.Draw(0, recording, source, prompt, "LP", new MtmMaskRates(), random);
            Assert.Same(source.Counts, trial.Counts);
            for (var bin = 0; bin < trial.Bins; bin++)
            {
                for (var neuron = 0; neuron < Neurons; neuron++)
                {
                    var at = bin * Neurons + neuron;
                    var isScored = trial.Scored[at] == 1;
                    var isHidden = isScored || (prompt == MtmPrompt.IntraRegion && !inside.Contains(neuron));
                    Assert.Equal(isHidden ? recording.Hidden(neuron) : source.Counts[at], trial.Input[at]);
                    if (prompt == MtmPrompt.InterRegion) Assert.Equal(inside.Contains(neuron), isScored);
                    if (prompt == MtmPrompt.IntraRegion && isScored) Assert.Contains(neuron, inside);
                    Assert.Equal(prompt == MtmPrompt.Causal ? trial.Scored[bin * Neurons] : trial.Scored[neuron], trial.Scored[at]);
                }
            }

            scoredNeurons += trial.Scored.AsSpan(0, Neurons).ToArray().Sum();
            scoredBins += Enumerable.Range(0, 20).Sum(bin => trial.Scored[bin * Neurons]);
        }

        // Four standard deviations of the share.
        var (share, due, items) = prompt switch
        {
            MtmPrompt.Neuron => (scoredNeurons / draws / Neurons, 0.3, draws * Neurons),
            MtmPrompt.Causal => (scoredBins / draws / 20, 0.6, draws * 20),
            MtmPrompt.InterRegion => (scoredNeurons / draws / inside.Length, 1, draws),
            _ => (scoredNeurons / draws / inside.Length, 0.3, draws * inside.Length),
        };
        Assert.InRange(share, due - 4 * Math.Sqrt(due * (1 - due) / items), due + 4 * Math.Sqrt(due * (1 - due) / items));
    }

    [Fact]
    public void An_epoch_shows_every_trial_once_in_batches_of_one_session_and_prompt()
    {
        MtmRecording[] recordings = [new(TrialSession.Make("a"), 20, 20), new(TrialSession.Make("b", units: 12, trials: 35, seed: 2), 20, 20)];
        var recipe = new MtmRecipe { BatchTrials = 8 };
        var batches = new MtmBatches(recordings, recipe, withValid: false);
        Assert.Equal(5 + 3, batches.StepsPerEpoch);
        var seen = new List<float[]>();
        var prompts = new HashSet<MtmPrompt>();
        for (var epoch = 0; epoch < 20; epoch++)
        {
            seen.Clear();
            for (var step = 0; step < batches.StepsPerEpoch; step++)
            {
                var batch = batches.Batch(epoch, step);
                Assert.Single(batch.Select(trial => (trial.Session, trial.Prompt)).Distinct());
                Assert.InRange(batch.Count, 6, 8);
                seen.AddRange(batch.Select(trial => trial.Counts));
                prompts.Add(batch[0].Prompt);
            }

            Assert.Equal(36 + 21, seen.Distinct().Count());
            Assert.Equal(36 + 21, seen.Count);
        }

        Assert.Equal(4, prompts.Count);

        // A function of epoch and step alone.
        var again = new MtmBatches(recordings, recipe, withValid: false);
        var (one, other) = (again.Batch(7, 3), batches.Batch(7, 3));
        Assert.Equal(one.Select(trial => trial.Input), other.Select(trial => trial.Input));
        Assert.NotEqual(one.Select(trial => trial.Input), again.Batch(8, 3).Select(trial => trial.Input));
    }

    [Fact]
    public void Prompts_by_region_are_not_drawn_without_regions()
    {
        var recording = new MtmRecording(TrialSession.Make() with { UnitRegions = [] }, 20, 20);
        var batches = new MtmBatches([recording], new MtmRecipe(), withValid: true);
        Assert.Equal(3, batches.StepsPerEpoch);
        for (var epoch = 0; epoch < 30; epoch++)
            for (var step = 0; step < 3; step++) Assert.True(batches.Batch(epoch, step)[0].Prompt is MtmPrompt.Neuron or MtmPrompt.Causal);
    }

    [Fact]
    public void An_angle_beside_its_cosine_and_sine_is_not_decoded_twice()
    {
        OutputChannel[] channels = [new("angle", "rad"), new("cos_angle", "1"), new("sin_angle", "1"), new("constant", "1")];
        var session = TrialSession.Make(units: 5) with
        {
            Behaviour = channels,
            BehaviourSamples = [0, 100, 200],
            BehaviourValues = [.. Enumerable.Range(0, 3).SelectMany(row => new[] { 0.3f * row, MathF.Cos(0.3f * row), MathF.Sin(0.3f * row), 7f })],
        };
        var recording = new MtmRecording(session, 20, 20);
        Assert.Equal(["cos_angle", "sin_angle"], MtmBehaviourFit.Outputs(recording, new MtmHeadRecipe()).Select(channel => channel.Name));
        Assert.Equal(["angle"], MtmBehaviourFit.Outputs(recording, new MtmHeadRecipe { Outputs = ["angle"] }).Select(channel => channel.Name));
    }
}
