using Realtime.Engine.Decoding;
using Realtime.Models.Possm;
using Realtime.Models.Weights;
using Realtime.Tests;

namespace Realtime.Models.Tests.Possm;

public sealed class PossmDecoderTests
{
    private const int Units = 6;
    private const long ChunkNs = 50_000_000;

    private static readonly PossmConfig Shape = new()
    {
        Dim = 16,
        DimHead = 8,
        NumLatents = 2,
        Depth = 1,
        CrossHeads = 2,
        RnnDim = 24,
        NumRnnLayers = 2,
        OutputCaCtxLim = 3,
    };

    private static readonly List<TensorData> Tensors = RandomPossm.Tensors(Shape, new Random(4), late: false, Units + 1);

    private static PossmSettings Plain => RandomPossm.Settings(Shape, Units);

    [Fact]
    public void A_model_file_is_loaded_by_its_kind()
    {
        var decoder = ModelLoader.Create(RandomPossm.File(Plain, Tensors));
        Assert.IsType<PossmDecoder>(decoder);
        Assert.Equal("possm", decoder.Description.Name);
        Assert.Equal((ChunkNs, ChunkNs), (decoder.Description.HopNs, decoder.Description.WindowNs));
        Assert.Equal(Units, decoder.Description.Units.Count);
    }

    [Fact]
    public void Decode_allocates_nothing()
    {
        var stream = new SpikeStream(new Random(1), 50, ChunkNs, Units + 1);
        foreach (var settings in new[] { Plain, Plain with { VisibleTokens = 9, ResetEveryChunks = 7 } })
        {
            var decoder = Create(settings, new DecoderOptions { MaxWindowSpikes = 300 });
            var values = new float[2];
            for (var round = 0; round < 3; round++) Play();
            Assert.Equal(0, AllocationGate.LeastBytes(() =>
            {
                Play();
                decoder.AfterGap();
                Play();
                decoder.Reset();
            }));

            void Play()
            {
                for (var chunk = 0; chunk < stream.Chunks; chunk++) decoder.Decode(stream.Window(chunk), values);
            }
        }
    }

    [Fact]
    public void The_same_stream_gives_the_same_bits_after_a_reset_and_in_another_decoder()
    {
        var stream = new SpikeStream(new Random(2), 60, ChunkNs, Units);
        var decoder = Create(Plain);
        var first = Play(decoder, stream);
        decoder.Reset();
        Assert.Equal(first, Play(decoder, stream));
        Assert.Equal(first, Play(Create(Plain), stream));
        Assert.NotEqual(first, Play(decoder, stream));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_gap_forgets_only_if_the_settings_say_so(bool resets)
    {
        var stream = new SpikeStream(new Random(3), 12, ChunkNs, Units);
        var decoder = Create(Plain with { ResetOnGap = resets });
        var fresh = Play(decoder, stream);
        ((IDecoder)decoder).AfterGap();
        Assert.Equal(resets, fresh.SequenceEqual(Play(decoder, stream)));
    }

    [Fact]
    public void The_state_starts_again_after_as_many_chunks_as_the_settings_say()
    {
        var stream = new SpikeStream(new Random(4), 30, ChunkNs, Units);
        var regular = Play(Create(Plain with { ResetEveryChunks = 10 }), stream);
        var decoder = Create(Plain);
        var values = new float[2];
        var byHand = new List<float>();
        for (var chunk = 0; chunk < stream.Chunks; chunk++)
        {
            if (chunk % 10 == 0) decoder.Reset();
            decoder.Decode(stream.Window(chunk), values);
            byHand.AddRange(values);
        }

        Assert.Equal(byHand, regular);
        Assert.NotEqual(Play(Create(Plain), stream), regular);
    }

    [Fact]
    public void Outputs_are_scaled_and_shifted()
    {
        var stream = new SpikeStream(new Random(5), 10, ChunkNs, Units);
        var bare = Play(Create(Plain), stream);
        var scaled = Play(Create(Plain with { OutputSd = [2, 0.5], OutputMean = [10, -1] }), stream);
        for (var i = 0; i < bare.Length; i++) Assert.Equal(i % 2 == 0 ? bare[i] * 2 + 10 : bare[i] * 0.5f - 1, scaled[i]);
    }

    [Fact]
    public void The_task_of_the_settings_is_read_out()
    {
        var stream = new SpikeStream(new Random(6), 10, ChunkNs, Units);
        var decoder = Create(Plain with { Task = "angle" });
        Assert.Single(decoder.Description.Outputs);
        var values = new float[1];
        decoder.Decode(stream.Window(0), values);
        Assert.True(float.IsFinite(values[0]));
    }

    [Fact]
    public void Only_spikes_of_the_last_chunk_and_of_known_units_count()
    {
        const long end = 5 * ChunkNs;
        var (clean, crowded) = (Create(Plain), Create(Plain));
        var (expected, actual) = (new float[2], new float[2]);
        clean.Decode(new SpikeWindow(end - ChunkNs, end, [end - ChunkNs, end - 7, end - 1], [0, 5, 1]), expected);
        crowded.Decode(new SpikeWindow(0, end,
            [long.MinValue, 0, end - ChunkNs - 1, end - ChunkNs, end - 9, end - 7, end - 1, end, end + 1, long.MaxValue],
            [1, 2, 3, 0, Units, 5, 1, 4, 4, 4]), actual);
        Assert.Equal(expected, actual);
        Assert.Equal(1, crowded.UnknownUnitSpikes);
        Assert.Equal(0, crowded.OverflowSpikes);
        crowded.Decode(new SpikeWindow(0, end, [end - 1, end - 2], [int.MinValue, -1]), actual);
        Assert.Equal(3, crowded.UnknownUnitSpikes);
    }

    [Fact]
    public void Of_too_many_spikes_the_newest_are_decoded_and_the_rest_counted()
    {
        var times = Enumerable.Range(0, 200).Select(i => i * 1000L).ToArray();
        var units = Enumerable.Range(0, 200).Select(i => i % Units).ToArray();
        var (limited, short0) = (Create(Plain, new DecoderOptions { MaxWindowSpikes = 50 }), Create(Plain));
        var (expected, actual) = (new float[2], new float[2]);
        limited.Decode(new SpikeWindow(0, ChunkNs, times, units), actual);
        short0.Decode(new SpikeWindow(0, ChunkNs, times.AsSpan(150), units.AsSpan(150)), expected);
        Assert.Equal(expected, actual);
        Assert.Equal(150, limited.OverflowSpikes);
        Assert.Equal(0, short0.OverflowSpikes);
    }

    [Fact]
    public void Windows_of_any_rubbish_are_answered()
    {
        var random = new Random(7);
        var decoder = Create(Plain with { VisibleTokens = 5 }, new DecoderOptions { MaxWindowSpikes = 20 });
        var values = new float[2];
        for (var round = 0; round < 2000; round++)
        {
            var end = round % 10 == 0 ? random.NextInt64(long.MinValue, long.MaxValue) : random.NextInt64(1_000_000_000_000_000_000);
            var times = Enumerable.Range(0, random.Next(60)).Select(_ => end - random.NextInt64(-ChunkNs, 2 * ChunkNs)).ToArray();
            var units = Enumerable.Range(0, times.Length - (times.Length > 0 && round % 7 == 0 ? 1 : 0)).Select(_ => random.Next(-1, Units + 2)).ToArray();
            decoder.Decode(new SpikeWindow(end - ChunkNs, end, times, units), values);
            Assert.All(values, value => Assert.True(float.IsFinite(value), $"round {round}"));
        }
    }

    [Fact]
    public void Ten_hours_into_a_recording_the_answers_are_the_same_bits()
    {
        var stream = new SpikeStream(new Random(8), 20, ChunkNs, Units);
        const long late = 36_000_000_000_000;
        var decoder = Create(Plain);
        var values = new float[2];
        var answers = new List<float>();
        for (var chunk = 0; chunk < stream.Chunks; chunk++)
        {
            var window = stream.Window(chunk);
            decoder.Decode(new SpikeWindow(window.StartNs + late, window.EndNs + late, Array.ConvertAll(window.TimesNs.ToArray(), time => time + late), window.Units), values);
            answers.AddRange(values);
        }

        Assert.Equal(Play(Create(Plain), stream), answers);
    }

    public static TheoryData<string, Func<PossmSettings, PossmSettings>> Wrong => new()
    {
        { "config.settings.unit_rows", settings => settings with { UnitRows = [1, 2, 3, 4, 5, 0] } },
        { "config.settings.unit_rows", settings => settings with { UnitRows = [1, 2, 3, 4, 5, 7] } },
        { "config.settings.unit_rows", settings => settings with { UnitRows = [1, 2, 3, 4, 5, 5] } },
        { "the nearest is 's1'", settings => settings with { Session = "s11" } },
        { "the nearest is 'velocity'", settings => settings with { Task = "velocitty" } },
        { "config.settings.tasks", settings => settings with { Tasks = ["velocity", "velocity"] } },
        { "config.settings.tasks", settings => settings with { Tasks = ["velocity"] } },
        { "the nearest is 'angle'", settings => settings with { Tasks = ["velocity", "angel"] } },
        { "config.settings.unit_vocab", settings => settings with { UnitVocab = [.. settings.UnitVocab, "more"] } },
        { "config.settings.session_vocab", settings => settings with { SessionVocab = ["NA", "s1"] } },
        { "config.settings.visible_tokens", settings => settings with { VisibleTokens = -1 } },
        { "config.settings.query_lag", settings => settings with { QueryLag = 0.05 } },
        { "config.settings.query_lag", settings => settings with { QueryLag = -0.001 } },
        { "config.settings.reset_every_chunks", settings => settings with { ResetEveryChunks = -1 } },
        { "config.settings.output_sd", settings => settings with { OutputSd = [1] } },
        { "config.settings.output_sd", settings => settings with { OutputSd = [1, 1e300] } },
        { "config.settings.output_mean", settings => settings with { OutputMean = [1, 2, 3] } },
        { "hyper_parameters.bin_step", settings => settings with { HyperParameters = Shape with { BinStep = 0.025 } } },
        { "hyper_parameters.dim_head", settings => settings with { HyperParameters = Shape with { DimHead = 6 } } },
        { "hyper_parameters.num_latents", settings => settings with { HyperParameters = Shape with { NumLatents = 0 } } },
        { "num_rnn_layers", settings => settings with { HyperParameters = Shape with { NumRnnLayers = 1 } } },
        { "depth", settings => settings with { HyperParameters = Shape with { Depth = 0 } } },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void Settings_that_are_wrong_are_refused_with_their_key(string expected, Func<PossmSettings, PossmSettings> change)
    {
        var error = Assert.Throws<ModelFormatException>(() => ModelLoader.Create(RandomPossm.File(change(Plain), Tensors)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("test.rtmodel", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chunk_that_differs_from_the_files_bin_and_more_than_one_bin_are_refused()
    {
        var config = RandomPossm.Config(Plain);
        foreach (var (wrong, key) in new[] { (config with { BinNs = 20_000_000 }, "config.bin_ns"), (config with { Lags = 2 }, "config.lags") })
        {
            var file = ModelFile.Parse(ModelFile.ToBytes(wrong, Tensors), "test.rtmodel");
            Assert.Contains(key, Assert.Throws<ModelFormatException>(() => ModelLoader.Create(file)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_unknown_or_missing_setting_is_refused()
    {
        var config = RandomPossm.Config(Plain);
        config.Settings!["visible_token"] = 3;
        var file = ModelFile.Parse(ModelFile.ToBytes(config, Tensors), "test.rtmodel");
        Assert.Contains("visible_token", Assert.Throws<ModelFormatException>(() => ModelLoader.Create(file)).Message, StringComparison.Ordinal);
        var none = ModelFile.Parse(ModelFile.ToBytes(config with { Settings = null }, Tensors), "test.rtmodel");
        Assert.Equal("config.settings", Assert.Throws<ModelFormatException>(() => ModelLoader.Create(none)).Key);
    }

    private static PossmDecoder Create(PossmSettings settings, DecoderOptions? options = null) => new(RandomPossm.File(settings, Tensors), options ?? new DecoderOptions());

    private static float[] Play(PossmDecoder decoder, SpikeStream stream)
    {
        var outputs = decoder.Description.Outputs.Count;
        var answers = new float[stream.Chunks * outputs];
        for (var chunk = 0; chunk < stream.Chunks; chunk++) decoder.Decode(stream.Window(chunk), answers.AsSpan(chunk * outputs, outputs));
        return answers;
    }
}
