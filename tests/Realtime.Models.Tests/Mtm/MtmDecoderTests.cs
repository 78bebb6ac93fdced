using Realtime.Engine.Decoding;
using Realtime.Models.Mtm;
using Realtime.Tests;

namespace Realtime.Models.Tests.Mtm;

public sealed class MtmDecoderTests
{
    private static readonly float[] Nothing = [float.NaN, float.NaN];

    [Fact]
    public void A_model_file_is_loaded_by_its_kind()
    {
        var decoder = ModelLoader.Create(RandomMtm.File(settings => settings));
        Assert.IsType<MtmDecoder>(decoder);
        Assert.Equal(("mtm", RandomMtm.BinNs, RandomMtm.BinNs), (decoder.Description.Name, decoder.Description.HopNs, decoder.Description.WindowNs));
        Assert.True(decoder.Description.NeedsTrials);
        Assert.False(RandomMtm.Decoder(settings => settings with { TrialBins = 5 }).Description.NeedsTrials);
        Assert.False(RandomMtm.Decoder(settings => settings with { Mode = MtmLiveMode.Sliding }).Description.NeedsTrials);
    }

    [Fact]
    public void There_is_no_answer_before_a_trial_and_behind_its_last_position()
    {
        var decoder = RandomMtm.Decoder(settings => settings);
        Assert.Equal(Nothing, At(decoder, 0));
        decoder.BeginTrial(RandomMtm.StartNs + 2 * RandomMtm.BinNs);
        Assert.Equal(Nothing, At(decoder, 1));
        for (var bin = 2; bin < 2 + RandomMtm.Shape.MaxF; bin++) Assert.All(At(decoder, bin), value => Assert.True(float.IsFinite(value)));
        Assert.Equal(Nothing, At(decoder, 2 + RandomMtm.Shape.MaxF));
        Assert.Equal(Nothing, At(decoder, 1_000_000));
        decoder.BeginTrial(RandomMtm.StartNs + 1_000_001 * RandomMtm.BinNs);
        Assert.All(At(decoder, 1_000_001), value => Assert.True(float.IsFinite(value)));
        decoder.Reset();
        Assert.Equal(Nothing, At(decoder, 1_000_002));
    }

    [Fact]
    public void A_trial_starts_with_the_first_bin_that_begins_at_or_after_its_event()
    {
        var due = Trial(0, 0);
        Assert.Equal(due, Trial(1, -1));
        Assert.Equal(due, Trial(1, 1 - RandomMtm.BinNs));
        Assert.NotEqual(due, Trial(1, -RandomMtm.BinNs));

        // The first answers of a trial whose event lies so far from the first bin's start.
        static float[] Trial(long first, long offsetNs)
        {
            var decoder = RandomMtm.Decoder(settings => settings);
            decoder.BeginTrial(RandomMtm.StartNs + first * RandomMtm.BinNs + offsetNs);
            return [.. At(decoder, first), .. At(decoder, first + 1), .. At(decoder, first + 2)];
        }
    }

    [Fact]
    public void A_running_trial_ends_when_the_next_one_starts()
    {
        var decoder = RandomMtm.Decoder(settings => settings);
        decoder.BeginTrial(RandomMtm.StartNs);
        var first = new[] { At(decoder, 0), At(decoder, 1), At(decoder, 2) };
        decoder.BeginTrial(RandomMtm.StartNs + 3 * RandomMtm.BinNs + 1);
        Assert.All(At(decoder, 3), value => Assert.True(float.IsFinite(value)));
        Assert.Equal(first, [At(decoder, 4), At(decoder, 5), At(decoder, 6)]);
    }

    [Fact]
    public void Stretches_follow_each_other_without_events_where_the_settings_say_so()
    {
        var decoder = RandomMtm.Decoder(settings => settings with { TrialBins = 5 });
        decoder.BeginTrial(RandomMtm.StartNs + 2 * RandomMtm.BinNs);
        var answers = Enumerable.Range(0, 15).Select(bin => At(decoder, bin)).ToArray();
        Assert.Equal(answers[..5], answers[5..10]);
        Assert.Equal(answers[..5], answers[10..]);
        Assert.NotEqual(answers[0], answers[1]);
    }

    [Fact]
    public void Bins_ahead_of_the_last_position_have_no_answer()
    {
        var decoder = RandomMtm.Decoder(settings => settings with { ForwardBins = 2 });
        Assert.Equal(["vx", "vy", "vx+1", "vy+1", "vx+2", "vy+2"], decoder.Description.Outputs.Select(output => output.Name));
        decoder.BeginTrial(RandomMtm.StartNs);
        var last = RandomMtm.Shape.MaxF - 1;
        for (var bin = 0; bin <= last; bin++) Assert.Equal(bin < last - 1 ? 6 : bin < last ? 4 : 2, At(decoder, bin).Count(float.IsFinite));
    }

    [Theory]
    [InlineData(MtmLiveMode.Trial, 0)]
    [InlineData(MtmLiveMode.Trial, 2)]
    [InlineData(MtmLiveMode.Sliding, 0)]
    [InlineData(MtmLiveMode.Sliding, 2)]
    [InlineData(MtmLiveMode.Rotary, 0)]
    [InlineData(MtmLiveMode.Rotary, 2)]
    public void Decode_allocates_nothing_and_repeats_its_bits(MtmLiveMode mode, int ahead)
    {
        var shape = mode == MtmLiveMode.Rotary ? RandomMtm.RotaryShape : RandomMtm.Shape;
        foreach (var readout in MtmReadouts.All)
        {
            var decoder = RandomMtm.Decoder(settings => settings with { Mode = mode, ForwardBins = ahead, Readout = readout, ContextBackward = 4, HeadBins = 2, HalfWeights = readout == MtmReadouts.Regions }, shape);
            var spikes = Enumerable.Range(0, 50).Select(bin => RandomMtm.Spikes(new Random(bin))).ToArray();
            var times = Array.ConvertAll(spikes, bin => new long[bin.Length]);
            var outputs = decoder.Description.Outputs.Count;
            var answers = new float[spikes.Length * outputs];
            Play();
            var first = answers.ToArray();
            Assert.Equal(0, AllocationGate.LeastBytes(() =>
            {
                decoder.Reset();
                Play();
            }));
            Assert.Equal(first, answers);

            void Play()
            {
                for (var bin = 0; bin < spikes.Length; bin++)
                {
                    var start = RandomMtm.StartNs + (bin + bin / 20) * RandomMtm.BinNs;
                    times[bin].AsSpan().Fill(start);
                    if (bin % 13 == 0) decoder.BeginTrial(start);
                    decoder.Decode(new SpikeWindow(start, start + RandomMtm.BinNs, times[bin], spikes[bin], bin % 6 == 5), answers.AsSpan(bin * outputs, outputs));
                }
            }
        }
    }

    [Theory]
    [InlineData(MtmLiveMode.Trial)]
    [InlineData(MtmLiveMode.Sliding)]
    [InlineData(MtmLiveMode.Rotary)]
    public void Windows_of_any_rubbish_are_answered(MtmLiveMode mode)
    {
        var random = new Random(7);
        var decoder = RandomMtm.Decoder(settings => settings with { Mode = mode, ContextBackward = 3, ForwardBins = 1 }, mode == MtmLiveMode.Rotary ? RandomMtm.RotaryShape : null);
        var values = new float[4];
        for (var round = 0; round < 1000; round++)
        {
            var end = round % 10 == 0 ? random.NextInt64(long.MinValue, long.MaxValue) : RandomMtm.StartNs + random.NextInt64(-10, 1000) * RandomMtm.BinNs / 3;
            if (round % 50 == 0) end = round % 100 == 0 ? long.MinValue : long.MaxValue;
            if (round % 5 == 0) decoder.BeginTrial(random.Next(2) == 0 ? end - random.Next(1000) : random.NextInt64(long.MinValue, long.MaxValue));
            if (round % 77 == 0) decoder.Reset();
            var times = Enumerable.Range(0, random.Next(30)).Select(_ => unchecked(end - random.NextInt64(-RandomMtm.BinNs, 2 * RandomMtm.BinNs))).ToArray();
            var units = Enumerable.Range(0, times.Length - (times.Length > 0 && round % 7 == 0 ? 1 : 0)).Select(_ => random.Next(-1, RandomMtm.Units + 2)).ToArray();
            decoder.Decode(new SpikeWindow(0, end, times, units, round % 3 == 0), values);
            Assert.All(values, value => Assert.True(float.IsFinite(value) || float.IsNaN(value), $"round {round}"));
        }

        Assert.True(decoder.UnknownUnitSpikes > 0);
    }

    public static TheoryData<string, string, Func<MtmSettings, MtmSettings>> Wrong => new()
    {
        { "config.settings.session", "the nearest is 'mine'", settings => settings with { Session = "mina" } },
        { "config.settings.sessions", "the same stitcher 'mine'", settings => settings with { Sessions = [settings.Sessions[0], settings.Sessions[1] with { Stitcher = "mine" }] } },
        { "config.settings.sessions", "twice", settings => settings with { Sessions = [settings.Sessions[0], settings.Sessions[0]] } },
        { "config.settings.sessions", "row 3", settings => settings with { Sessions = [settings.Sessions[0] with { Row = 3 }] } },
        { "config.settings.sessions", "regions of 1 neurons", settings => settings with { Sessions = [settings.Sessions[0] with { Regions = ["CA1"] }] } },
        { "config.units", "8 neurons", settings => settings with { Sessions = [settings.Sessions[0] with { Neurons = 8, Regions = [] }] } },
        { "config.settings.sessions", "tells no regions", settings => settings with { Sessions = [settings.Sessions[0] with { Regions = [] }], HiddenRegion = "CA1" } },
        { "config.settings.hidden_region", "the nearest is 'CA1'", settings => settings with { HiddenRegion = "CA2" } },
        { "config.settings.sessions", "hidden_counts of 2 neurons", settings => settings with { Sessions = [settings.Sessions[0] with { HiddenCounts = [1, 2] }] } },
        { "config.settings.sessions", "no number from 0 up", settings => settings with { Sessions = [settings.Sessions[0] with { HiddenCounts = [.. Enumerable.Repeat(-1f, RandomMtm.Units)] }] } },
        { "config.settings.hidden_units", "the nearest is 'probe/Electrode 9#1'", settings => settings with { HiddenUnits = ["probe/Electrode 9#2"] } },
        { "config.settings.readout", "the nearest is 'rates'", settings => settings with { Readout = "rate" } },
        { "config.settings.prompt", "not trained", settings => settings with { Mode = MtmLiveMode.Sliding, Prompt = MtmPrompt.InterRegion, TrainedPrompts = [MtmPrompt.Causal] } },
        { "config.settings.prompt", "mode sliding", settings => settings with { Prompt = MtmPrompt.Neuron } },
        { "config.settings.prefix_sees_bins", "mode sliding", settings => settings with { PrefixSeesBins = true } },
        { "config.settings.mode", "learned positions", settings => settings with { Mode = MtmLiveMode.Rotary, ContextBackward = 5 } },
        { "config.settings.context_backward", "rotary mode needs", settings => settings with { Mode = MtmLiveMode.Rotary, HyperParameters = RandomMtm.RotaryShape } },
        { "config.settings.head_bins", "from 1 to 14", settings => settings with { HeadBins = 15 } },
        { "config.settings.forward_bins", "from 0 to 13", settings => settings with { ForwardBins = 14 } },
        { "config.settings.trial_bins", "only mode trial", settings => settings with { TrialBins = 3, Mode = MtmLiveMode.Sliding } },
        { "hyper_parameters.n_heads", "does not divide", settings => settings with { HyperParameters = RandomMtm.Shape with { NHeads = 5 } } },
        { "encoder.layers.2", "n_layers is 2", settings => settings with { HyperParameters = RandomMtm.Shape with { NLayers = 2 } } },
        { "encoder.layers.3", "missing", settings => settings with { HyperParameters = RandomMtm.Shape with { NLayers = 4 } } },
        { "encoder.embedder.embed_pos.weight", "[14, 24]", settings => settings with { HyperParameters = RandomMtm.Shape with { MaxF = 20 } } },
        { "config.settings.output_sd", "2 outputs", settings => settings with { OutputSd = [1] } },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void Settings_that_are_wrong_are_refused_with_their_key(string key, string text, Func<MtmSettings, MtmSettings> change)
    {
        var file = RandomMtm.WithSettings(RandomMtm.File(settings => settings), change);
        var error = Assert.Throws<ModelFormatException>(() => ModelLoader.Create(file));
        Assert.StartsWith("test.rtmodel", error.Message, StringComparison.Ordinal);
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    private static float[] At(MtmDecoder decoder, long bin)
    {
        var values = new float[decoder.Description.Outputs.Count];
        decoder.Decode(RandomMtm.Window(bin, [1, 4]), values);
        return values;
    }
}
