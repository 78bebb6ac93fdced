using Realtime.Engine.Decoding;
using Realtime.Models.Kernels;
using Realtime.Models.Neuroformer;
using Realtime.Models.Verification;
using Realtime.Tests;

namespace Realtime.Models.Tests.Neuroformer.Live;

public sealed class NeuroformerDecoderTests
{
    private const double Tolerance = 1e-4;
    private const long BinNs = 10_000_000;

    public static TheoryData<string> ShapeNames => [.. LiveModel.Shapes.Keys];

    [Fact]
    public void A_model_file_is_loaded_by_its_kind()
    {
        var config = LiveModel.Shapes["frames"];
        var decoder = ModelLoader.Create(LiveModel.File(LiveModel.Settings(config), LiveModel.Tensors(config)));
        Assert.IsType<NeuroformerDecoder>(decoder);
        Assert.Equal("neuroformer", decoder.Description.Name);
        Assert.Equal((0, 100_000_000), (decoder.Description.HopNs, decoder.Description.WindowNs));
        Assert.Equal(new FrameShape(6, 8), decoder.Description.Frames);
        Assert.Null(LiveModel.Decoder(LiveModel.Settings(LiveModel.Shapes["plain"]), LiveModel.Tensors(LiveModel.Shapes["plain"])).Description.Frames);
    }

    [Theory]
    [MemberData(nameof(ShapeNames))]
    public void The_live_form_equals_the_plain_one(string shape)
    {
        var config = LiveModel.Shapes[shape];
        var (settings, tensors) = (LiveModel.Settings(config), LiveModel.Tensors(config));
        var reference = new LiveReference(settings, LiveModel.Weights(config, tensors));
        var stream = new LiveStream(new Random(2), 1_500_000_000, 150);
        foreach (var kernels in KernelSet.Supported)
        {
            using var decoder = new NeuroformerDecoder(LiveModel.File(settings, tensors), new DecoderOptions(), kernels);
            var values = new float[decoder.Description.Outputs.Count];
            long nextFrame = 0;
            var answers = 0;
            for (var endNs = stream.FirstNs; endNs < stream.EndNs; endNs += 17_300_000)
            {
                ShowFrames(decoder, config, ref nextFrame, endNs);
                var window = stream.Window(decoder.Description.WindowNs, endNs);
                decoder.Decode(window, values);
                AssertNear(reference.Answer(window, config.Frames is { } frames ? LiveStream.Clip(frames, endNs) : null), values, endNs);
                answers++;
            }

            Assert.True(decoder.CutSpikes > 0 && answers > 50);
        }
    }

    [Theory]
    [MemberData(nameof(ShapeNames))]
    public void Answers_are_the_same_to_the_bit_whatever_was_prepared(string shape)
    {
        var config = LiveModel.Shapes[shape];
        var (settings, tensors) = (LiveModel.Settings(config), LiveModel.Tensors(config));
        foreach (var hopNs in new long[] { 50_000_000, 10_000_000, 23_000_000, 170_000_000 })
        {
            var expected = Play(hopNs, null, 1);
            for (var seed = 0; seed < 2; seed++) Assert.Equal(expected, Play(hopNs, new Random(seed), 1));

            // One hop only: two threads on a busy machine wait for each other's cores.
            if (hopNs == 23_000_000) Assert.Equal(expected, Play(hopNs, new Random(3), 2));
        }

        List<float> Play(long hopNs, Random? schedule, int threads)
        {
            using var decoder = LiveModel.Decoder(settings, tensors, new DecoderOptions { ComputeThreads = threads });
            var stream = new LiveStream(new Random(3), 12 * hopNs, 120);
            var values = new float[decoder.Description.Outputs.Count];
            var answers = new List<float>();
            long nextFrame = 0;
            for (var endNs = stream.FirstNs; endNs < stream.EndNs; endNs += hopNs)
            {
                if (schedule is not null) Prepare(decoder, stream, endNs, hopNs, schedule, config, ref nextFrame);
                ShowFrames(decoder, config, ref nextFrame, endNs);
                decoder.Decode(stream.Window(decoder.Description.WindowNs, endNs), values);
                answers.AddRange(values);
            }

            return answers;
        }
    }

    [Fact]
    public void Nothing_is_left_to_prepare_once_all_that_is_settled_has_been_worked_off()
    {
        var config = LiveModel.Shapes["frames"];
        using var decoder = LiveModel.Decoder(LiveModel.Settings(config), LiveModel.Tensors(config));
        var stream = new LiveStream(new Random(4), 300_000_000, 100);
        long nextFrame = 0;
        var endNs = stream.FirstNs + 200_000_000;
        ShowFrames(decoder, config, ref nextFrame, endNs);
        for (var settledNs = endNs - 60_000_000; settledNs <= endNs; settledNs += BinNs)
        {
            var pieces = 0;
            while (decoder.Prepare(stream.Window(decoder.Description.WindowNs, endNs, settledNs), settledNs)) Assert.True(++pieces < 100);
            Assert.False(decoder.Prepare(stream.Window(decoder.Description.WindowNs, endNs, settledNs), settledNs));
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("frames")]
    [InlineData("no positions")]
    public void Neither_decoding_nor_preparing_allocates(string shape)
    {
        var config = LiveModel.Shapes[shape];
        using var decoder = LiveModel.Decoder(LiveModel.Settings(config), LiveModel.Tensors(config));
        var stream = new LiveStream(new Random(5), 500_000_000, 200);
        var values = new float[decoder.Description.Outputs.Count];
        var pixels = new float[config.Frames is { } frames ? frames.Height * frames.Width : 0];
        Play();
        Play();
        Assert.Equal(0, AllocationGate.LeastBytes(Play));

        void Play()
        {
            decoder.Reset();
            for (var endNs = stream.FirstNs; endNs < stream.EndNs; endNs += 50_000_000)
            {
                decoder.TakeFrame(endNs - 30_000_000, pixels);
                for (var settledNs = endNs - 50_000_000; settledNs < endNs; settledNs += BinNs)
                    while (decoder.Prepare(stream.Window(decoder.Description.WindowNs, endNs, settledNs), settledNs)) { }
                decoder.Decode(stream.Window(decoder.Description.WindowNs, endNs), values);
            }
        }
    }

    [Fact]
    public void Spikes_that_do_not_fit_are_counted()
    {
        var config = LiveModel.Shapes["plain"];
        using var decoder = LiveModel.Decoder(LiveModel.Settings(config), LiveModel.Tensors(config), new DecoderOptions { MaxWindowSpikes = 70 });
        const long end = 1_000_000_000;
        long[] times = [.. Enumerable.Range(0, 80).Select(i => end - 100_000_000 + i * 1_200_000L)];
        int[] units = [.. Enumerable.Range(0, 80).Select(i => i == 79 ? 99 : i % LiveModel.Units)];
        decoder.Decode(new SpikeWindow(end - 100_000_000, end, times, units), new float[2]);

        // 79 known ones, of which 9 are beyond the limit: 33 of 42 are left of the past interval, and 37 of the current one.
        Assert.Equal((9, 1), (decoder.OverflowSpikes, decoder.UnknownUnitSpikes));
        Assert.Equal((37 - 19, 0), (decoder.CutSpikes, decoder.CutPastSpikes));
        Assert.Equal([18, 0, 9, 0, 0], decoder.Counts.Select(count => count.Count));
        decoder.Prepare(new SpikeWindow(end - 100_000_000, end, times, units), end);
        Assert.Equal(9, decoder.OverflowSpikes);
    }

    [Fact]
    public void Without_frames_there_is_no_answer_and_old_frames_are_none()
    {
        var config = LiveModel.Shapes["frames"];
        using var decoder = LiveModel.Decoder(LiveModel.Settings(config), LiveModel.Tensors(config));
        var frames = config.Frames!;
        var stream = new LiveStream(new Random(6), 1_000_000_000, 50);
        var values = new float[2];
        Assert.False(Answers(100_000_000));
        for (var k = 20; k < 22; k++) decoder.TakeFrame(k * LiveStream.FramePeriodNs, LiveStream.Frame(frames, k));
        Assert.False(Answers(100_000_000));
        decoder.TakeFrame(22 * LiveStream.FramePeriodNs, LiveStream.Frame(frames, 22));

        // Shown at 100 ms: not of the window that ends then, and good for windows that end up to 100 ms later.
        Assert.False(Answers(100_000_000));
        Assert.True(Answers(100_000_001));
        Assert.True(Answers(200_000_000));
        Assert.False(Answers(200_000_001));
        Assert.Equal(4, decoder.WindowsWithoutFrames);
        decoder.Reset();
        Assert.False(Answers(200_000_000));

        bool Answers(long afterNs)
        {
            while (decoder.Prepare(stream.Window(100_000_000, stream.FirstNs + afterNs), stream.FirstNs + afterNs - BinNs)) { }
            decoder.Decode(stream.Window(100_000_000, stream.FirstNs + afterNs), values);
            Assert.Equal(float.IsFinite(values[0]), float.IsFinite(values[1]));
            return float.IsFinite(values[0]);
        }
    }

    [Fact]
    public void Where_frames_are_optional_a_window_without_them_is_answered_without_the_stimulus()
    {
        var config = LiveModel.Shapes["frames"];
        var tensors = LiveModel.Tensors(config);
        var (settings, bare) = (LiveModel.Settings(config) with { FramesOptional = true }, LiveModel.Settings(config with { Frames = null, StimulusLayers = 0 }));
        var withFrames = new LiveReference(settings, LiveModel.Weights(config, tensors));
        var without = new LiveReference(bare, LiveModel.Weights(bare.HyperParameters, tensors));
        using var decoder = LiveModel.Decoder(settings, tensors);
        var stream = new LiveStream(new Random(7), 2_000_000_000, 80);
        var random = new Random(8);
        var values = new float[2];
        long nextFrame = 0;
        var missing = 0;
        for (var endNs = stream.FirstNs; endNs < stream.EndNs; endNs += 50_000_000)
        {
            if (endNs / 400_000_000 % 2 == 0) ShowFrames(decoder, config, ref nextFrame, endNs);
            else
            {
                nextFrame = endNs / LiveStream.FramePeriodNs;
                decoder.Reset();
                missing++;
            }

            var full = nextFrame * LiveStream.FramePeriodNs >= endNs && endNs / 400_000_000 % 2 == 0 && endNs % 400_000_000 >= 150_000_000;
            for (var i = random.Next(30); i > 0; i--) decoder.Prepare(stream.Window(100_000_000, endNs, endNs - BinNs), endNs - BinNs);
            var window = stream.Window(100_000_000, endNs);
            var before = decoder.WindowsWithoutFrames;
            decoder.Decode(window, values);
            if (full) Assert.Equal(before, decoder.WindowsWithoutFrames);
            AssertNear(decoder.WindowsWithoutFrames == before ? withFrames.Answer(window, LiveStream.Clip(config.Frames!, endNs)) : without.Answer(window, null), values, endNs);
        }

        Assert.True(missing > 5 && decoder.WindowsWithoutFrames >= missing && decoder.WindowsWithoutFrames < 38);
    }

    [Fact]
    public void A_lost_frame_is_stood_for_by_the_one_before_and_a_fast_camera_is_taken_at_the_models_rate()
    {
        var config = LiveModel.Shapes["frames"];
        var tensors = LiveModel.Tensors(config);
        var frames = config.Frames!;
        var settings = LiveModel.Settings(config);
        var reference = new LiveReference(settings, LiveModel.Weights(config, tensors));
        var stream = new LiveStream(new Random(9), 1_000_000_000, 50);
        var endNs = stream.FirstNs + 500_000_000;
        var window = stream.Window(100_000_000, endNs);
        var last = (endNs - 1) / LiveStream.FramePeriodNs;
        var values = new float[2];
        using (var decoder = LiveModel.Decoder(settings, tensors))
        {
            foreach (var k in new[] { last - 3, last - 2, last }) decoder.TakeFrame(k * LiveStream.FramePeriodNs, LiveStream.Frame(frames, k));
            decoder.TakeFrame(last * LiveStream.FramePeriodNs, LiveStream.Frame(frames, 1));
            decoder.TakeFrame(endNs - 1, [1, 2, 3]);
            decoder.Decode(window, values);
            Assert.Equal(2, decoder.RefusedFrames);
            AssertNear(reference.Answer(window, [.. LiveStream.Frame(frames, last - 2), .. LiveStream.Frame(frames, last - 2), .. LiveStream.Frame(frames, last)]), values, endNs);
        }

        using (var decoder = LiveModel.Decoder(settings, tensors))
        {
            for (var third = 3 * (last - 3); third <= 3 * last; third++)
                decoder.TakeFrame(third * LiveStream.FramePeriodNs / 3 + 1, third % 3 == 0 ? LiveStream.Frame(frames, third / 3) : LiveStream.Frame(frames, 1000 + third));
            decoder.Decode(window, values);
            AssertNear(reference.Answer(window, LiveStream.Clip(frames, endNs)), values, endNs);
        }

        using (var decoder = LiveModel.Decoder(settings with { FrameLookAhead = 1 }, tensors))
        {
            for (var k = last - 3; k <= last; k++) decoder.TakeFrame(k * LiveStream.FramePeriodNs, LiveStream.Frame(frames, k));
            decoder.Decode(window, values);
            AssertNear(reference.Answer(window, LiveStream.Clip(frames, endNs, lookAhead: 1)), values, endNs);
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("frames")]
    [InlineData("inputs and classes")]
    public void A_model_file_is_verified_by_its_two_forms(string shape)
    {
        var config = LiveModel.Shapes[shape];
        var cases = Verifier.Run(LiveModel.File(LiveModel.Settings(config), LiveModel.Tensors(config)));
        Assert.Equal(2, cases.Count);
        Assert.All(cases, run => Assert.True(run.Pass && run.Stages.Count == (shape == "inputs and classes" ? 4 : 2), run.Name));
        Assert.Contains(cases, run => run.Stages.Any(stage => stage.MaxAbsDiff > 0));
    }

    [Fact]
    public void Outputs_are_scaled_and_shifted()
    {
        var config = LiveModel.Shapes["plain"];
        var tensors = LiveModel.Tensors(config);
        using var bare = LiveModel.Decoder(LiveModel.Settings(config), tensors);
        using var scaled = LiveModel.Decoder(LiveModel.Settings(config) with { OutputSd = [2, 0.5], OutputMean = [10, -1] }, tensors);
        var window = new SpikeWindow(0, 100_000_000, [60_000_000], [2]);
        var (expected, actual) = (new float[2], new float[2]);
        bare.Decode(window, expected);
        scaled.Decode(window, actual);
        Assert.Equal([expected[0] * 2 + 10, expected[1] * 0.5f - 1], actual);
    }

    [Fact]
    public void Windows_of_any_rubbish_are_answered()
    {
        var config = LiveModel.Shapes["inputs and classes"];
        using var decoder = LiveModel.Decoder(LiveModel.Settings(config) with { FramesOptional = true }, LiveModel.Tensors(config), new DecoderOptions { MaxWindowSpikes = 40 });
        var random = new Random(10);
        var values = new float[4];
        for (var round = 0; round < 300; round++)
        {
            var end = round % 10 == 0 ? random.NextInt64(long.MinValue, long.MaxValue) : random.NextInt64(1_000_000_000_000_000_000);
            long[] times = [.. Enumerable.Range(0, random.Next(90)).Select(_ => end - random.NextInt64(-50_000_000, 200_000_000))];
            int[] units = [.. Enumerable.Range(0, times.Length - (times.Length > 0 && round % 7 == 0 ? 1 : 0)).Select(_ => random.Next(-1, LiveModel.Units + 2))];
            decoder.TakeFrame(random.NextInt64(long.MinValue, long.MaxValue), new float[random.Next(2) * 48]);
            for (var i = random.Next(20); i > 0; i--) decoder.Prepare(new SpikeWindow(end - 100_000_000, end, times, units), random.NextInt64(long.MinValue, long.MaxValue));
            decoder.Decode(new SpikeWindow(end - 100_000_000, end, times, units), values);
            Assert.All(values, value => Assert.True(float.IsFinite(value), $"round {round}"));
            Assert.Equal(1, values[1] + values[2] + values[3], 1e-5);
        }
    }

    public static TheoryData<string, Func<NeuroformerSettings, NeuroformerSettings>> Wrong => new()
    {
        { "config.settings.unit_tokens", settings => settings with { UnitTokens = [0, 1, 2, 3, 4, 5] } },
        { "config.settings.unit_tokens", settings => settings with { UnitTokens = [0, 1, 2, 3, 4, 5, 9] } },
        { "config.settings.unit_tokens", settings => settings with { UnitTokens = [0, 1, 2, 3, 4, 5, -1] } },
        { "config.settings.unit_tokens", settings => settings with { UnitTokens = [0, 1, 2, 3, 4, 5, 5] } },
        { "the nearest is 'behavior'", settings => settings with { Group = "behaviour" } },
        { "config.settings.frame_hold", settings => settings with { FrameHold = 0 } },
        { "config.settings.frame_hold", settings => settings with { FrameHold = 11 } },
        { "config.settings.frame_look_ahead", settings => settings with { FrameLookAhead = -1 } },
        { "config.settings.frame_look_ahead", settings => settings with { FrameLookAhead = 4 } },
        { "config.settings.label_lag", settings => settings with { LabelLag = 0.2 } },
        { "config.settings.output_sd", settings => settings with { OutputSd = [1] } },
        { "config.bin_ns", settings => settings with { HyperParameters = settings.HyperParameters with { WindowPrev = 0.06 } } },
        { "n_head", settings => settings with { HyperParameters = settings.HyperParameters with { NHead = 5 } } },
        { "tables of past keys and values", settings => settings with { HyperParameters = settings.HyperParameters with { Neurons = 900_000_000 } } },
        { "past's keys and values", settings => settings with { HyperParameters = settings.HyperParameters with { BlockPrevId = 900_000_000, PosEmb = false } } },
        { "causal mask", settings => settings with { HyperParameters = settings.HyperParameters with { BlockId = 900_000_000 } } },
        { "tok_emb.weight", settings => settings with { HyperParameters = settings.HyperParameters with { Neurons = 10 } } },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void Settings_that_are_wrong_are_refused_with_their_key(string expected, Func<NeuroformerSettings, NeuroformerSettings> change)
    {
        var good = LiveModel.Settings(LiveModel.Shapes["frames"]);
        var config = LiveModel.Config(good) with { Settings = LiveModel.Config(change(good) with { Group = "behavior" }).Settings };
        config.Settings!["group"] = change(good).Group;
        var file = ModelFile.Parse(ModelFile.ToBytes(config, LiveModel.Tensors(good.HyperParameters)), "test.rtmodel");
        var error = Assert.Throws<ModelFormatException>(() => ModelLoader.Create(file));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("test.rtmodel", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Outputs_that_are_not_the_groups_targets_are_refused()
    {
        var settings = LiveModel.Settings(LiveModel.Shapes["plain"]);
        var good = LiveModel.Config(settings);
        var config = good with { Outputs = [new OutputChannel("speed", "1")], Training = good.Training with { TargetMean = [0] } };
        var file = ModelFile.Parse(ModelFile.ToBytes(config, LiveModel.Tensors(settings.HyperParameters)), "test.rtmodel");
        Assert.Equal("config.outputs", Assert.Throws<ModelFormatException>(() => ModelLoader.Create(file)).Key);
    }

    /// <summary>Prepares as a rig does and worse: at random moments, in random pieces, with spikes that come after they were said to be all there.</summary>
    private static void Prepare(NeuroformerDecoder decoder, LiveStream stream, long endNs, long hopNs, Random schedule, NeuroformerConfig config, ref long nextFrame)
    {
        for (var nowNs = endNs - hopNs + schedule.NextInt64(15_000_000); nowNs < endNs; nowNs += schedule.NextInt64(1, 20_000_000))
        {
            if (schedule.Next(2) == 0) ShowFrames(decoder, config, ref nextFrame, nowNs);
            var arrivedNs = nowNs - schedule.Next(3) * 2_000_000;
            var settledNs = schedule.Next(4) == 0 ? nowNs + schedule.NextInt64(20_000_000) : nowNs - 7_000_000;
            for (var pieces = schedule.Next(12); pieces > 0; pieces--) decoder.Prepare(stream.Window(decoder.Description.WindowNs, endNs, arrivedNs), settledNs);
        }

        // A window with less past than it should have: its oldest spikes have been trimmed.
        if (schedule.Next(3) == 0) decoder.Prepare(stream.Window(decoder.Description.WindowNs - 30_000_000, endNs), endNs - 10_000_000);
    }

    /// <summary>Shows the frames up to a moment, on a grid, from five before the first moment on.</summary>
    private static void ShowFrames(NeuroformerDecoder decoder, NeuroformerConfig config, ref long next, long endNs)
    {
        if (config.Frames is not { } frames) return;
        if (next == 0) next = endNs / LiveStream.FramePeriodNs - 5;
        for (; next * LiveStream.FramePeriodNs < endNs; next++) decoder.TakeFrame(next * LiveStream.FramePeriodNs, LiveStream.Frame(frames, next));
    }

    private static void AssertNear(float[] expected, float[] actual, long endNs)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= Tolerance, $"window at {endNs}, output {i}: {actual[i]}, not {expected[i]}");
    }
}
