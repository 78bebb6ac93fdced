using Realtime.Engine.Decoding;
using Realtime.Models.Mtm;
using Realtime.Models.Mtm.Training;
using Realtime.Models.Training.Transformers;
using Realtime.Models.Transformer;
using Realtime.Models.Verification;
using Realtime.Models.Weights;

namespace Realtime.Models.Tests.Mtm.Training;

/// <summary>A trained model file hides live what its training hid, and as what.</summary>
public sealed class MtmHiddenLiveTests
{
    private const string Region = "LP";

    [Theory]
    [InlineData(MtmHidden.Zero, false)]
    [InlineData(MtmHidden.Mean, false)]
    [InlineData(MtmHidden.Mean, true)]
    public void A_hidden_region_reads_live_as_in_the_evaluation(MtmHidden hidden, bool roots)
    {
        var training = Train(hidden, roots);
        var recording = training.Recordings[0];
        using var evaluator = training.Evaluator()!;
        var expected = evaluator.Predict(MtmTask.InterRegion, 0, recording, recording.Test, 4);
        var sliding = (MtmSettings settings) => settings with { Mode = MtmLiveMode.Sliding, Prompt = MtmPrompt.InterRegion, PrefixSeesBins = true, Readout = MtmReadouts.Rates };
        using var byRegion = Changed(training, settings => sliding(settings) with { HiddenRegion = Region });
        int[] inside = [.. recording.RegionNeurons(Region)];
        using var byUnits = Changed(training, settings => sliding(settings) with { HiddenUnits = [.. inside.Select(neuron => recording.Session.Units.Units[neuron].ToString())] });
        foreach (var file in new[] { byRegion, byUnits })
        {
            var decoder = new MtmDecoder(file);
            for (var trial = 0; trial < recording.Test.Count; trial++)
            {
                decoder.Reset();
                var rates = Play(decoder, recording, recording.Test[trial], recording.Test[trial].Bins);
                foreach (var neuron in inside) Near(expected[trial][19 * recording.Neurons + neuron], rates[neuron]);
            }

            Assert.All(Verifier.Run(file), result => Assert.True(result.Pass, $"{result.Name}: {string.Join(", ", result.Stages)}"));
        }
    }

    [Theory]
    [InlineData(MtmHidden.Zero, false)]
    [InlineData(MtmHidden.Mean, true)]
    public void Bins_ahead_read_live_as_in_the_evaluation(MtmHidden hidden, bool roots)
    {
        const int ahead = 4;
        var training = Train(hidden, roots);
        var recording = training.Recordings[0];
        using var evaluator = training.Evaluator()!;
        var expected = evaluator.Predict(MtmTask.ForwardPrediction, 0, recording, recording.Test, ahead);
        using var file = Changed(training, settings => settings with { Readout = MtmReadouts.Rates, ForwardBins = ahead });
        var decoder = new MtmDecoder(file);
        for (var trial = 0; trial < recording.Test.Count; trial++)
        {
            decoder.BeginTrial((long)Math.Round(recording.Test[trial].Range.Start * 1e9));
            var rates = Play(decoder, recording, recording.Test[trial], recording.Test[trial].Bins - ahead);
            for (var step = 1; step <= ahead; step++)
                for (var neuron = 0; neuron < recording.Neurons; neuron++) Near(expected[trial][(15 + step) * recording.Neurons + neuron], rates[step * recording.Neurons + neuron]);
        }
    }

    [Fact]
    public void A_model_without_the_causal_prompt_slides_under_one_it_was_trained_with()
    {
        var recipe = Recipe with { PromptShares = [1, 0, 0, 0], HiddenAs = MtmHidden.Mean, RootCounts = true };
        var training = MtmTrainer.Train([TrialSession.Make(trials: 30)], recipe, new TrainerOptions());
        using var asTrained = ModelFile.Parse(training.Model!, "trained");
        Assert.Equal((MtmPrompt.Neuron, MtmLiveMode.Sliding, true), (MtmModelOf(asTrained).Prompt, MtmModelOf(asTrained).Mode, MtmModelOf(asTrained).PrefixSeesBins));
        Assert.Equal(18, new MtmDecoder(asTrained).Description.Outputs.Count);
        var recording = training.Recordings[0];
        using var evaluator = training.Evaluator()!;
        var expected = evaluator.Predict(MtmTask.CoSmoothing, 0, recording, recording.Test, 4);
        foreach (var neuron in new[] { 0, 11 })
        {
            using var file = Changed(training, settings => settings with { HiddenUnits = [recording.Session.Units.Units[neuron].ToString()] });
            var rates = Play(new MtmDecoder(file), recording, recording.Test[1], 20);
            Near(expected[1][19 * recording.Neurons + neuron], rates[neuron]);
        }
    }

    [Fact]
    public void A_model_goes_on_with_the_input_it_was_trained_on()
    {
        var first = Train(MtmHidden.Mean, roots: true);
        using var start = ModelFile.Parse(first.Model!, "first");

        // No step is taken that could change anything: the rate is too small.
        var again = MtmTrainer.Train([TrialSession.Make(trials: 30)], Recipe with { HiddenAs = MtmHidden.Mean, Epochs = 1, LearningRate = 1e-12, AverageWeights = 0 }, new TrainerOptions(), start: start);
        Assert.True(again.Recipe.RootCounts);
        using var file = ModelFile.Parse(again.Model!, "again");
        var bias = MtmWeights.StitcherName("trials") + ".bias";
        var (due, actual) = (start.Tensors.Floats(bias), file.Tensors.Floats(bias));
        for (var channel = 0; channel < due.Length; channel++) Assert.Equal(due[channel], actual[channel], 1e-6f);
        Assert.NotEqual(first.Result.Tensors!.Single(tensor => tensor.Name == bias).Bytes.ToArray(), TensorData.Of(bias, due, due.Length).Bytes.ToArray());
    }

    [Fact]
    public void Without_stitchers_means_are_recorded_as_well()
    {
        var recipe = Recipe with { HiddenAs = MtmHidden.Mean, Model = Recipe.Model with { Stitching = false, NChannels = 18 }, PrincipalDirections = 0 };
        var training = MtmTrainer.Train([TrialSession.Make(trials: 30)], recipe, new TrainerOptions());
        using var file = ModelFile.Parse(training.Model!, "plain");
        Assert.Equal(training.Recordings[0].Means, MtmModelOf(file).Sessions[0].HiddenCounts);
        Assert.False(training.Recordings[0].IsCentred);
    }

    private static MtmRecipe Recipe { get; } = new()
    {
        Model = new MtmConfig { NChannels = 12, Mult = 2, HiddenSize = 16, InterSize = 32, NLayers = 2, NHeads = 2, MaxF = 20, NSessions = 4 },
        Epochs = 2,
        EvaluateEvery = 2,
        LearningRate = 5e-3,
        HeadScale = 0.1,
        PrincipalDirections = 4,
        Dropout = MtmDropout.None,
        Behaviour = null,
    };

    private static MtmTraining Train(MtmHidden hidden, bool roots) =>
        MtmTrainer.Train([TrialSession.Make(trials: 30)], Recipe with { HiddenAs = hidden, RootCounts = roots }, new TrainerOptions());

    private static MtmSettings MtmModelOf(ModelFile file) => SettingsJson.Read<MtmSettings>(file.Config.Settings, file.Name, "config.settings");

    /// <summary>The same weights, read out otherwise.</summary>
    private static ModelFile Changed(MtmTraining training, Func<MtmSettings, MtmSettings> change)
    {
        using var file = ModelFile.Parse(training.Model!, "trained");
        var settings = change(MtmModelOf(file));
        var outputs = MtmReadouts.Outputs(settings, []);
        var tensors = file.Tensors.Tensors.Values.Select(info => new TensorData(info.Name, info.Type, info.Shape, file.Tensors.Bytes(info.Name).ToArray()));
        var config = file.Config with { Settings = SettingsJson.Write(settings), Outputs = outputs, Training = file.Config.Training with { TargetMean = [.. outputs.Select(_ => 0.0)] } };
        return ModelFile.Parse(ModelFile.ToBytes(config, tensors), "changed");
    }

    /// <summary>A trial's first bins, one by one; gives the last answer.</summary>
    private static float[] Play(MtmDecoder decoder, MtmRecording recording, MtmRecordedTrial trial, int bins)
    {
        var values = new float[decoder.Description.Outputs.Count];
        var start = (long)Math.Round(trial.Range.Start * 1e9);
        for (var bin = 0; bin < bins; bin++, start += recording.BinNs)
        {
            int[] units = [.. Enumerable.Range(0, recording.Neurons).SelectMany(neuron => Enumerable.Repeat(neuron, (int)trial.Counts[bin * recording.Neurons + neuron]))];
            decoder.Decode(new SpikeWindow(start, start + recording.BinNs, Array.ConvertAll(units, _ => start), units), values);
        }

        return values;
    }

    /// <summary>A rate in Hz against a log-rate per bin of 20 ms.</summary>
    private static void Near(float logRate, float hz) => Assert.Equal(logRate, Math.Log(hz * 0.02), 2e-5);
}
