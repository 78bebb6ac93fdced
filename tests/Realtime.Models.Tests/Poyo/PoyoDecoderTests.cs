using System.Text.Json.Nodes;
using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Kernels;
using Realtime.Models.Poyo;
using Realtime.Models.Weights;
using Realtime.Tests;

namespace Realtime.Models.Tests.Poyo;

/// <summary>The live form against the plain one, on random streams.</summary>
public class PoyoDecoderTests
{
    private const double Tolerance = 1e-4;
    private const long Second = 1_000_000_000;

    public static TheoryData<string> KernelNames => [.. KernelSet.Supported.Select(kernels => kernels.Name)];

    private static PoyoConfig Small { get; } = new()
    {
        SequenceLength = 1,
        LatentStep = 0.125,
        NumLatentsPerStep = 3,
        Dim = 24,
        Depth = 2,
        DimHead = 16,
        CrossHeads = 2,
        SelfHeads = 3,
    };

    [Theory]
    [MemberData(nameof(KernelNames))]
    public void Same_answers_as_the_plain_form_over_hundreds_of_ticks(string kernels) => Compare(Small, new Stream { HopMs = 25, Ticks = 250 }, kernels);

    [Theory]
    [InlineData(1, 60)]
    [InlineData(5, 60)]
    [InlineData(20, 150)]
    [InlineData(62.5, 80)]
    [InlineData(125, 60)]
    [InlineData(250, 40)]
    [InlineData(300, 40)]
    [InlineData(1000, 12)]
    [InlineData(1700, 8)]
    public void Any_hop(double hopMs, int ticks) => Compare(Small, new Stream { HopMs = hopMs, Ticks = ticks });

    [Fact]
    public void Unknown_hop() => Compare(Small, new Stream { HopMs = 25, Ticks = 60, TellHop = false });

    [Fact]
    public void Windows_off_the_grid_of_hops() => Compare(Small, new Stream { HopMs = 25, Ticks = 60, StartNs = 7_654_321 });

    [Fact]
    public void Windows_before_time_zero() => Compare(Small, new Stream { HopMs = 25, Ticks = 60, StartNs = -20 * Second });

    [Fact]
    public void Ten_hours_into_a_recording() => Compare(Small, new Stream { HopMs = 25, Ticks = 60, StartNs = 36_000 * Second });

    [Fact]
    public void Spikes_that_arrive_late() => Compare(Small, new Stream { HopMs = 25, Ticks = 200, LateShare = 0.2 });

    [Fact]
    public void Silence_and_bursts() => Compare(Small, new Stream { HopMs = 25, Ticks = 200, BurstSpikes = 6000, SilentShare = 0.3 });

    [Fact]
    public void Windows_left_out_between_two_calls() => Compare(Small, new Stream { HopMs = 25, Ticks = 150, SkippedShare = 0.3 });

    [Fact]
    public void A_query_in_the_past() => Compare(Small, new Stream { HopMs = 25, Ticks = 60, QueryLag = 0.125 });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Odd_shapes(int threads)
    {
        Compare(new PoyoConfig { SequenceLength = 1.1, LatentStep = 0.1, NumLatentsPerStep = 5, Dim = 12, Depth = 1, DimHead = 12, CrossHeads = 3, SelfHeads = 1 }, new Stream { HopMs = 25, Ticks = 80, Threads = threads });
        Compare(new PoyoConfig { SequenceLength = 0.5, LatentStep = 0.2, NumLatentsPerStep = 1, Dim = 7, Depth = 0, DimHead = 4, CrossHeads = 1, SelfHeads = 1 }, new Stream { HopMs = 50, Ticks = 80, Threads = threads });
        Compare(new PoyoConfig { SequenceLength = 0.25, LatentStep = 0.25, NumLatentsPerStep = 70, Dim = 33, Depth = 1, DimHead = 36, CrossHeads = 1, SelfHeads = 2 }, new Stream { HopMs = 50, Ticks = 60, Threads = threads });
    }

    [NeedsSharedFact]
    public void The_published_size_with_weights_that_a_single_spike_moves()
    {
        var folder = PoyoFolders.ReadPublished();
        Compare(PoyoConfig.Poyo1M, new Stream { HopMs = 25, Ticks = 200, Units = 96, SpikesPerSecond = 1500 }, weights: folder.Weights, units: 96);
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        var stream = new Stream { HopMs = 25, Ticks = 60, LateShare = 0.1 };
        Assert.Equal(Answers(stream with { Threads = 1 }), Answers(stream with { Threads = 2 }));

        static float[] Answers(Stream stream)
        {
            var answers = new List<float>();
            using var decoder = Decoder(Small, stream, KernelSet.Best, null);
            stream.Play((window, _) => answers.AddRange(Decode(decoder, window)));
            return [.. answers];
        }
    }

    [Fact]
    public void The_same_stream_again_after_a_reset_gives_the_same_bits()
    {
        var stream = new Stream { HopMs = 25, Ticks = 60 };
        using var decoder = Decoder(Small, stream, KernelSet.Best, null);
        var first = new List<float>();
        var second = new List<float>();
        stream.Play((window, _) => first.AddRange(Decode(decoder, window)));
        decoder.Reset();
        stream.Play((window, _) => second.AddRange(Decode(decoder, window)));
        Assert.Equal(first, second);
    }

    [Fact]
    public void Of_too_many_spikes_the_newest_are_decoded_and_the_rest_is_counted()
    {
        var stream = new Stream { HopMs = 25, Ticks = 1, SpikesPerSecond = 5000, MaxSpikes = 100 };
        using var limited = Decoder(Small, stream, KernelSet.Best, null);
        using var free = Decoder(Small, stream with { MaxSpikes = 10_000 }, KernelSet.Best, null);
        stream.Play((window, _) =>
        {
            var newest = new Window(window.EndNs, window.TimesNs[^100..], window.Units[^100..]);
            Assert.Equal(Decode(free, newest), Decode(limited, window));
            Assert.Equal(window.TimesNs.Length - 100, limited.OverflowSpikes);
        });
    }

    [Fact]
    public void A_core_that_the_machine_lacks_is_told()
    {
        using var decoder = Decoder(Small, new Stream { HopMs = 25, Threads = 2, Cpu = 100_000 }, KernelSet.Best, null);
        SpinWait.SpinUntil(() => decoder.PlacementProblems.Count > 0, TimeSpan.FromSeconds(30));
        Assert.Contains("no core 100000", Assert.Single(((IDecoder)decoder).PlacementProblems));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(int.MaxValue)]
    public void A_limit_on_spikes_that_no_memory_holds_is_refused(int maxSpikes)
    {
        var error = Assert.Throws<ModelFormatException>(() => Decoder(Small, new Stream { HopMs = 25, MaxSpikes = maxSpikes }, KernelSet.Best, null));
        Assert.Contains("max_window_spikes", error.Message);
    }

    [Fact]
    public void Spikes_outside_the_window_unknown_units_and_disorder_change_nothing()
    {
        var stream = new Stream { HopMs = 25, Ticks = 20 };
        using var clean = Decoder(Small, stream, KernelSet.Best, null);
        using var dirty = Decoder(Small, stream, KernelSet.Best, null);
        stream.Play((window, _) =>
        {
            var times = window.TimesNs.Append(window.EndNs).Append(window.EndNs - Second - 1).Append(window.EndNs - 5).Append(window.EndNs - 6).ToArray();
            var units = window.Units.Append(0).Append(0).Append(-1).Append(99).ToArray();
            Array.Reverse(times);
            Array.Reverse(units);
            var expected = Decode(clean, window);
            var actual = Decode(dirty, new Window(window.EndNs, times, units));
            for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], Tolerance);
        });
        Assert.Equal(40, dirty.UnknownUnitSpikes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Decoding_allocates_nothing(int threads)
    {
        var stream = new Stream { HopMs = 25, Ticks = 40, Threads = threads };
        using var decoder = Decoder(Small, stream, KernelSet.Best, null);
        var windows = new List<Window>();
        stream.Play((window, _) => windows.Add(window));
        var values = new float[2];
        Assert.Equal(0, AllocationGate.LeastBytes(() =>
        {
            foreach (var window in windows) decoder.Decode(new SpikeWindow(window.EndNs - Second, window.EndNs, window.TimesNs, window.Units), values);
        }));
    }

    private static void Compare(PoyoConfig config, Stream stream, string? kernels = null, SafetensorsFile? weights = null, int units = 8)
    {
        stream = stream with { WindowS = config.SequenceLength, Units = units };
        var set = KernelSet.Supported.First(supported => kernels is null || supported.Name == kernels);
        using var decoder = Decoder(config, stream, set, weights);
        var plain = new PoyoNetwork(PoyoWeights.Read(new WeightReader(weights ?? Random(config, stream)), config), KernelSet.Best);
        var tokenizer = new PoyoTokenizer(config);
        stream.Play((window, tick) =>
        {
            var startNs = window.EndNs - (long)(config.SequenceLength * 1e9);
            var sample = new PoyoSample
            {
                UnitRows = [.. Enumerable.Range(1, units)],
                SpikeUnits = window.Units,
                SpikeTimes = [.. window.TimesNs.Select(timeNs => (timeNs - startNs) * 1e-9)],
                SessionRow = 1,
                QueryTimes = [config.SequenceLength - stream.QueryLag],
            };
            var expected = plain.Forward(tokenizer.Tokenize(sample));
            var actual = Decode(decoder, window);
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.True(
                    Math.Abs(expected[i] - actual[i]) <= Tolerance,
                    $"Tick {tick}, output {i}: live {actual[i]:R}, plain {expected[i]:R}; {window.Units.Length} spikes; {set.Name}; {stream}.");
            }
        });
    }

    private static float[] Decode(PoyoDecoder decoder, Window window)
    {
        var values = new float[decoder.Description.Outputs.Count];
        decoder.Decode(new SpikeWindow(window.EndNs - decoder.Description.WindowNs, window.EndNs, window.TimesNs, window.Units), values);
        return values;
    }

    private static SafetensorsFile Random(PoyoConfig config, Stream stream)
    {
        var tensors = RandomPoyo.Tensors(config, new Random(stream.Seed), unitRows: 9, sessionRows: 3, outputs: 2);
        return SafetensorsFile.Parse(new ArrayWeightBytes(SafetensorsWriter.ToBytes(tensors, new Dictionary<string, string>())), "random");
    }

    private static PoyoDecoder Decoder(PoyoConfig config, Stream stream, KernelSet kernels, SafetensorsFile? weights)
    {
        weights ??= Random(config, stream);
        string[] Words(string table, string word) => ["NA", .. Enumerable.Range(1, (int)weights.Info(table).Shape[0] - 1).Select(i => $"{word}{i}")];
        var settings = new JsonObject
        {
            ["hyper_parameters"] = new JsonObject
            {
                ["sequence_length"] = config.SequenceLength,
                ["latent_step"] = config.LatentStep,
                ["num_latents_per_step"] = config.NumLatentsPerStep,
                ["dim"] = config.Dim,
                ["depth"] = config.Depth,
                ["dim_head"] = config.DimHead,
                ["cross_heads"] = config.CrossHeads,
                ["self_heads"] = config.SelfHeads,
            },
            ["unit_vocab"] = new JsonArray([.. Words("unit_emb.weight", "u").Select(word => JsonValue.Create(word))]),
            ["session_vocab"] = new JsonArray([.. Words("session_emb.weight", "s").Select(word => JsonValue.Create(word))]),
            ["session"] = "s1",
            ["unit_rows"] = new JsonArray([.. Enumerable.Range(1, stream.Units).Select(row => JsonValue.Create(row))]),
            ["query_lag"] = stream.QueryLag,
        };
        var bytes = ModelFile.ToBytes(new ModelConfig
        {
            Kind = "poyo",
            Units = [.. Enumerable.Range(1, stream.Units).Select(n => new UnitId("probe", $"Electrode {n}", 1))],
            Outputs = [new OutputChannel("x", "1"), new OutputChannel("y", "1")],
            BinNs = (long)Math.Round(config.SequenceLength * 1e9),
            Lags = 1,
            TargetNs = 10_000_000,
            Settings = settings,
            Training = new TrainingRecord { Origin = WeightOrigin.Random, Session = "s1", Train = [], Valid = [], Test = [], TargetMean = [0, 0], ProgramVersion = "test" },
        }, weights.Tensors.Keys.Select(name => new TensorData(name, weights.Info(name).Type, weights.Info(name).Shape, weights.Bytes(name).ToArray())));
        return new PoyoDecoder(ModelFile.Parse(bytes, "random"), stream.Options, kernels);
    }

    private sealed record Window(long EndNs, long[] TimesNs, int[] Units);

    /// <summary>A random stream, and how windows are taken from it.</summary>
    private sealed record Stream
    {
        public int Seed { get; init; } = 20;

        public double HopMs { get; init; }

        public int Ticks { get; init; }

        public bool TellHop { get; init; } = true;

        public long StartNs { get; init; }

        public double WindowS { get; init; } = 1;

        public int Units { get; init; } = 8;

        public double SpikesPerSecond { get; init; } = 300;

        /// <summary>Share of spikes that are seen only some windows after their own.</summary>
        public double LateShare { get; init; }

        public double SilentShare { get; init; }

        /// <summary>Spikes of a burst of 10 ms in the middle of the stream.</summary>
        public int BurstSpikes { get; init; }

        public double SkippedShare { get; init; }

        public double QueryLag { get; init; }

        public int Threads { get; init; } = 1;

        public int? Cpu { get; init; }

        public int MaxSpikes { get; init; } = 10_000;

        private long HopNs => (long)(HopMs * 1e6);

        public DecoderOptions Options => new() { HopNs = TellHop ? HopNs : 0, MaxWindowSpikes = MaxSpikes, ComputeThreads = Threads, ComputeCpu = Cpu };

        public void Play(Action<Window, int> see)
        {
            var random = new Random(Seed);
            var windowNs = (long)(WindowS * 1e9);
            var spikes = new List<(long TimeNs, int Unit, long SeenNs)>();
            var endOfStream = StartNs + Ticks * HopNs;
            for (double t = StartNs - windowNs; t < endOfStream; t += -Math.Log(1 - random.NextDouble()) / SpikesPerSecond * 1e9)
                spikes.Add(((long)t, random.Next(Units), (long)t + (random.NextDouble() < LateShare ? random.NextInt64(2 * windowNs) : 0)));
            for (var i = 0; i < BurstSpikes; i++)
                spikes.Add((StartNs + (Ticks / 2) * HopNs + random.NextInt64(10_000_000), random.Next(Units), long.MinValue));
            if (SilentShare > 0)
            {
                var until = StartNs + (long)(SilentShare * Ticks * HopNs);
                spikes.RemoveAll(spike => spike.TimeNs < until);
            }

            spikes.Sort();
            for (var tick = 1; tick <= Ticks; tick++)
            {
                if (random.NextDouble() < SkippedShare) continue;
                var endNs = StartNs + tick * HopNs;
                var seen = spikes.Where(spike => spike.TimeNs >= endNs - windowNs && spike.TimeNs < endNs && spike.SeenNs < endNs).ToArray();
                see(new Window(endNs, [.. seen.Select(spike => spike.TimeNs)], [.. seen.Select(spike => spike.Unit)]), tick);
            }
        }
    }
}
