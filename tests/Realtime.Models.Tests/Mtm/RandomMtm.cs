using System.Text.Json;
using System.Text.Json.Serialization;
using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Mtm;
using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Tests.Mtm;

/// <summary>Random MtM models of small shapes, and spikes for them.</summary>
internal static class RandomMtm
{
    public const int Units = 9;
    public const long BinNs = 20_000_000;

    /// <summary>Some time of a recording that has run for long.</summary>
    public const long StartNs = 32_400_120_000_000;

    public static MtmConfig Shape { get; } = new() { NChannels = 12, MaxF = 14, NSessions = 3, NLayers = 3, HiddenSize = 24, NHeads = 3, InterSize = 40 };

    public static MtmConfig RotaryShape { get; } = Shape with { Pos = false, UseRope = true };

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private static readonly string[] Regions = ["CA1", "CA1", "PO", "PO", "PO", "VISa", "VISa", "CA1", "PO"];

    public static ModelFile File(Func<MtmSettings, MtmSettings> change, MtmConfig? shape = null, ulong seed = 3) =>
        ModelFile.Parse(MtmRandom.Create(shape ?? Shape, Options(seed), settings => change(settings with
        {
            TrialBins = 0,
            Sessions = [settings.Sessions[0] with { Row = 2, Regions = Regions }, new MtmSession { Word = "other", Row = 1, Stitcher = "other", Neurons = Units }],
        })), "test.rtmodel");

    public static MtmDecoder Decoder(Func<MtmSettings, MtmSettings> change, MtmConfig? shape = null) => new(File(change, shape));

    /// <summary>A file with other settings, whose tensors and list of outputs stay as they are.</summary>
    public static ModelFile WithSettings(ModelFile file, Func<MtmSettings, MtmSettings> change)
    {
        var settings = JsonSerializer.SerializeToNode(change(file.Config.Settings.Deserialize<MtmSettings>(Json)!), Json)!.AsObject();
        var tensors = file.Tensors.Tensors.Values.Select(info => new TensorData(info.Name, info.Type, info.Shape, file.Tensors.Bytes(info.Name).ToArray()));
        return ModelFile.Parse(ModelFile.ToBytes(file.Config with { Settings = settings }, tensors), file.Name);
    }

    /// <summary>Units of the spikes of a bin.</summary>
    public static int[] Spikes(Random random) => [.. Enumerable.Range(0, random.Next(8)).Select(_ => random.Next(Units))];

    public static float[] Counts(int[] spikes)
    {
        var counts = new float[Units];
        foreach (var unit in spikes) counts[unit]++;
        return counts;
    }

    /// <summary>A bin's window; bins count from <see cref="StartNs"/>.</summary>
    public static SpikeWindow Window(long bin, int[] spikes, bool lost = false)
    {
        var start = StartNs + bin * BinNs;
        return new SpikeWindow(start, start + BinNs, Enumerable.Range(0, spikes.Length).Select(spike => start + spike).ToArray(), spikes, lost);
    }

    private static RandomModelOptions Options(ulong seed) => new()
    {
        Units = UnitTable.Numbered(Units).Units,
        Outputs = [new OutputChannel("vx", "cm/s"), new OutputChannel("vy", "cm/s")],
        Session = "mine",
        Seed = seed,
    };
}
