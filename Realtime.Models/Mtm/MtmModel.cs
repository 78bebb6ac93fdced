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
        if (settings.Readout != MtmReadouts.Behaviour) return new(settings, session, weights, null);
        var outputs = file.Config.Outputs.Count / (1 + settings.ForwardBins);
        return new(settings, session, weights, LinearWeights.Read(reader, HeadPrefix, outputs, settings.HeadBins * config.HiddenSize));
    }
}
