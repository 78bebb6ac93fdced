using System.Text.Json;
using Realtime.Models.Neuroformer;
using Realtime.Models.Neuroformer.Training;
using Realtime.Models.Weights;
using Realtime.Tests;

namespace Realtime.Models.Tests.Neuroformer.Training;

/// <summary>Goldens/training/neuroformer_tiny: three windows with frames, an input, two targets and a contrastive loss, and upstream's losses and gradients of them.</summary>
internal sealed class NeuroformerTrainingGolden
{
    private static readonly string Folder = Path.Combine(RepositoryFiles.Root, "tests", "Realtime.Models.Tests", "Goldens", "training", "neuroformer_tiny");

    public NeuroformerTrainingGolden()
    {
        using var meta = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "meta.json")));
        var root = meta.RootElement;
        var frames = root.GetProperty("frames");
        int[] kernel = [.. frames.GetProperty("kernel").EnumerateArray().Select(size => size.GetInt32())];
        Config = new NeuroformerConfig
        {
            Neurons = root.GetProperty("neurons").GetInt32(),
            DtBins = root.GetProperty("bins").GetInt32(),
            NEmbd = root.GetProperty("c").GetInt32(),
            NHead = root.GetProperty("heads").GetInt32(),
            BlockId = root.GetProperty("t").GetInt32(),
            BlockPrevId = root.GetProperty("p").GetInt32(),
            StateLayers = 1,
            HistoryLayers = 2,
            StimulusLayers = 1,
            Frames = new NeuroformerFrames
            {
                Count = frames.GetProperty("count").GetInt32(),
                Height = frames.GetProperty("height").GetInt32(),
                Width = frames.GetProperty("width").GetInt32(),
                Kernel = kernel,
                Stride = kernel,
            },
            Groups =
            [
                new NeuroformerGroup
                {
                    Name = "behavior",
                    Layers = 1,
                    Variables =
                    [
                        new NeuroformerVariable { Name = "phi" },
                        new NeuroformerVariable { Name = "speed", Predict = true },
                        new NeuroformerVariable { Name = "choice", Predict = true, Classes = root.GetProperty("classes").GetInt32() },
                    ],
                },
            ],
            ContrastiveVars = ["id", "eos", "frames"],
        };
        using var weights = SafetensorsFile.Read(Path.Combine(Folder, "weights.safetensors"));
        Weights = NeuroformerWeights.Read(new WeightReader(weights), Config);
        using var inputs = SafetensorsFile.Read(Path.Combine(Folder, "inputs.safetensors"));
        Samples = NeuroformerSample.Batch([.. Enumerable.Range(0, inputs.Longs("pad").Length).Select(window => Sample(inputs, window))]);
    }

    public NeuroformerConfig Config { get; }

    public NeuroformerWeights Weights { get; }

    public IReadOnlyList<NeuroformerSample> Samples { get; }

    /// <summary>loss.NAME, grad.PARAMETER, last_layer.</summary>
    public static SafetensorsFile Expected() => SafetensorsFile.Read(Path.Combine(Folder, "gradients.safetensors"));

    private NeuroformerSample Sample(SafetensorsFile inputs, int window)
    {
        var pixels = inputs.Floats("frames");
        var size = Config.Frames!.Count * Config.Frames.Height * Config.Frames.Width;
        var (ids, times) = (Ints("target.id", Config.BlockId), Ints("target.dt", Config.BlockId));
        for (var at = 0; at < ids.Length; at++)
            if (ids[at] == Config.Pad) (ids[at], times[at]) = (-1, -1);
        return new NeuroformerSample
        {
            Window = new NeuroformerWindow
            {
                Ids = Ints("id", Config.BlockId),
                Times = Array.ConvertAll(Ints("dt", Config.BlockId), time => (float)time),
                Pad = Ints("pad", 1)[0],
                PastIds = Ints("id_prev", Config.BlockPrevId),
                PastTimes = Array.ConvertAll(Ints("dt_prev", Config.BlockPrevId), time => (float)time),
                Frames = pixels[(window * size)..((window + 1) * size)],
                Inputs = [[inputs.Doubles("phi.dt")[window], null, null]],
            },
            Ids = ids,
            Times = times,
            Labels = [(float)inputs.Doubles("target.speed")[window], inputs.Longs("target.choice")[window]],
        };

        int[] Ints(string name, int width) => [.. inputs.Longs(name).AsSpan(window * width, width).ToArray().Select(value => (int)value)];
    }
}
