using Realtime.Engine.Sessions;
using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Mtm;

/// <summary>A model file of kind "mtm", read and checked.</summary>
/// <param name="Settings">Its settings.</param>
/// <param name="Session">The recording that its units are of.</param>
/// <param name="Weights">That recording's tensors.</param>
/// <param name="BehaviourHead">[outputs, HeadBins × hidden size]; null for other read-outs.</param>
internal sealed record MtmModel(MtmSettings Settings, MtmSession Session, MtmWeights Weights, LinearWeights? BehaviourHead)
{
    /// <summary>Name of the behaviour head's tensors.</summary>
    public const string HeadPrefix = "behaviour_head";

    /// <summary>For each neuron whether its spikes are passed over.</summary>
    public required bool[] Hidden { get; init; }

    /// <summary>What stands in place of a neuron's hidden count.</summary>
    public float HiddenCount(int neuron) => Session.HiddenCounts.Count == 0 ? 0 : Session.HiddenCounts[neuron];

    /// <exception cref="ModelFormatException">Settings, tensors and config do not agree, or cannot be decoded live.</exception>
    public static MtmModel Read(ModelFile file)
    {
        var settings = SettingsJson.Read<MtmSettings>(file.Config.Settings, file.Name, "config.settings");
        MtmConfigCheck.Check(settings.HyperParameters, file.Name);
        var session = MtmFileCheck.Check(file, settings);
        var reader = new WeightReader(file.Tensors);
        var config = settings.HyperParameters;
        if (reader.Names($"encoder.layers.{config.NLayers}.").FirstOrDefault() is { } layer)
            throw new ModelFormatException(file.Name, layer, $"exists, but n_layers is {config.NLayers}.", "Weights and configuration are not of one model: check the configuration.");
        var weights = MtmWeights.Read(reader, config, session.Stitcher, session.Neurons);
        var hidden = Hides(settings, session, file.Config.Units);
        if (settings.Readout != MtmReadouts.Behaviour) return new(settings, session, weights, null) { Hidden = hidden };
        var outputs = file.Config.Outputs.Count / (1 + settings.ForwardBins);
        return new(settings, session, weights, LinearWeights.Read(reader, HeadPrefix, outputs, settings.HeadBins * config.HiddenSize)) { Hidden = hidden };
    }

    private static bool[] Hides(MtmSettings settings, MtmSession session, IReadOnlyList<UnitId> units)
    {
        var names = settings.HiddenUnits.ToHashSet(StringComparer.Ordinal);
        return [.. Enumerable.Range(0, session.Neurons).Select(neuron =>
            names.Contains(units[neuron].ToString()) || (settings.HiddenRegion.Length > 0 && session.Regions[neuron] == settings.HiddenRegion))];
    }
}
