using System.Text.Json;
using Realtime.Models.Verification;
using Realtime.Models.Weights;

namespace Realtime.Models.Neuroformer;

/// <summary>A golden folder of a Neuroformer, read and checked: upstream's configuration as JSON, its tensors, and one batch of windows.</summary>
public sealed class NeuroformerGolden
{
    private const string Next = "Export inputs and weights of one model.";

    private readonly GoldenFolder _folder;

    /// <exception cref="ModelFormatException">The folder's files contradict each other.</exception>
    public NeuroformerGolden(GoldenFolder folder)
    {
        _folder = folder;
        var root = GoldenConfig.Of(folder);
        (int, int, int)? frames = null;
        if (folder.Inputs.Tensors.ContainsKey("frames") && folder.Inputs.Shape("frames", 5) is var shape) frames = (shape[2], shape[3], shape[4]);
        var config = new NeuroformerUpstream(root.Object("config"), NeuroformerUpstream.Shapes(folder.Weights), folder.Weights.Name).Read(frames);
        if (root.Given("vocab"))
        {
            var neurons = root.Object("vocab").Object("id").Whole("neurons");
            if (neurons != config.Neurons)
                throw root.Object("vocab").Object("id").Wrong("neurons", $"is {neurons}, but the weights have words for {config.Neurons} neurons, SOS, EOS and PAD.");
        }

        Weights = NeuroformerWeights.Read(new WeightReader(folder.Weights), config);
    }

    /// <summary>Whether a folder's config.json is of this model: it has upstream's block sizes and a vocabulary.</summary>
    public static bool Fits(GoldenFolder folder) =>
        folder.Config.TryGetProperty("config", out var config) && config.ValueKind == JsonValueKind.Object && config.TryGetProperty("block_size", out _)
        && folder.Config.TryGetProperty("vocab", out _);

    public NeuroformerWeights Weights { get; }

    public NeuroformerConfig Config => Weights.Config;

    /// <summary>Windows, B.</summary>
    public int Windows => _folder.Inputs.Shape("id", 2)[0];

    /// <summary>What the model was given.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing, of another shape, or names a token outside its table.</exception>
    public IReadOnlyList<NeuroformerWindow> ReadWindows()
    {
        var (inputs, count) = (_folder.Inputs, Windows);
        var ids = inputs.Indices("id", Config.IdWords, count, Config.BlockId);
        var past = inputs.Indices("id_prev", Config.IdWords, count, Config.BlockPrevId);
        var times = inputs.Times("dt", count, Config.BlockId);
        var pastTimes = inputs.Times("dt_prev", count, Config.BlockPrevId);
        var pads = inputs.Indices("pad", Config.BlockId + 1, count);
        var frames = Frames(count);
        var pixels = frames is null ? 0 : frames.Length / count;
        var given = Config.Groups.Select(group => group.Variables.Select(variable => variable.Predict ? null : Dt($"modalities.{group.Name}.{variable.Name}", count)).ToArray()).ToArray();
        return [.. Enumerable.Range(0, count).Select(window => new NeuroformerWindow
        {
            Ids = ids[(window * Config.BlockId)..((window + 1) * Config.BlockId)],
            Times = Part(times, window, Config.BlockId),
            Pad = pads[window] > 0 ? pads[window] : throw new ModelFormatException(inputs.Name, "pad", $"holds 0 at index {window}; at least 1 is due.", Next),
            PastIds = past[(window * Config.BlockPrevId)..((window + 1) * Config.BlockPrevId)],
            PastTimes = Part(pastTimes, window, Config.BlockPrevId),
            Frames = frames?[(window * pixels)..((window + 1) * pixels)],
            Inputs = [.. given.Select(group => (IReadOnlyList<double?>)[.. group.Select(dt => dt?[window])])],
        })];
    }

    /// <summary>The targets of all windows, one after the other; null where the folder has none.</summary>
    public NeuroformerTargets? ReadTargets()
    {
        if (!_folder.Inputs.Tensors.ContainsKey("target.id")) return null;
        return new(_folder.Inputs.Indices("target.id", Config.IdWords, Windows, Config.BlockId), _folder.Inputs.Indices("target.dt", Config.DtWords, Windows, Config.BlockId));
    }

    /// <summary>The targets of a variable, one per window: numbers, or classes; null where the folder has none.</summary>
    public float[]? ReadTarget(NeuroformerGroup group, NeuroformerVariable variable)
    {
        var name = $"target.modalities.{group.Name}.{variable.Name}.value";
        if (!_folder.Inputs.Tensors.TryGetValue(name, out var info)) return null;
        if (info.Count != Windows) throw new ModelFormatException(_folder.Inputs.Name, name, $"has shape {info.ShapeText}; one number for each of {Windows} windows is due.", Next);
        if (variable.Classes == 0) return _folder.Inputs.Floats(name);
        var classes = _folder.Inputs.Longs(name);
        return Array.ConvertAll(classes, value => value >= 0 && value < variable.Classes
            ? (float)value
            : throw new ModelFormatException(_folder.Inputs.Name, name, $"holds {value}; the head has {variable.Classes} classes.", Next));
    }

    private float[]? Frames(int count)
    {
        if (Config.Frames is not { } frames) return null;
        _folder.Inputs.NeedShape("frames", count, 1, frames.Count, frames.Height, frames.Width);
        return _folder.Inputs.Floats("frames");
    }

    /// <summary>dt of an input in seconds, or null where the folder does not have it.</summary>
    private double[]? Dt(string name, int count) =>
        _folder.Inputs.Tensors.ContainsKey($"{name}.value") ? _folder.Inputs.Times($"{name}.dt", count, 1) : null;

    private static float[] Part(double[] times, int window, int length) => Array.ConvertAll(times[(window * length)..((window + 1) * length)], time => (float)time);
}
