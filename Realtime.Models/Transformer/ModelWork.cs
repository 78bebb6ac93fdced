using Realtime.Models.Mtm;
using Realtime.Models.Neuroformer;
using Realtime.Models.Possm;
using Realtime.Models.Poyo;

namespace Realtime.Models.Transformer;

/// <summary>
/// Multiply-adds that one tick of a transformer needs, by stage. Counted are the matrix products and attention sums that no table can
/// hold: keys and values per unit, the queries of encoder and decoder, and the windows' delimiters are constants and count nothing;
/// rotations, normalisations and exponentials are not multiply-adds of this count.
/// </summary>
public static class ModelWork
{
    // Half of a head's channels turn with time; the others' share of a score is a table by latent and unit.
    private const double TimedShare = 0.5;

    /// <summary>The stages of a model file's kind, or none for a linear decoder.</summary>
    /// <param name="file">The model.</param>
    /// <param name="spikes">Spikes in one window.</param>
    /// <param name="hopNs">Distance of two windows, ns.</param>
    /// <exception cref="ModelFormatException">The settings cannot be read.</exception>
    public static IReadOnlyList<StageWork> PerTick(ModelFile file, double spikes, long hopNs)
    {
        var (config, outputs) = (file.Config, file.Config.Outputs.Count);
        return config.Kind switch
        {
            PoyoRandom.Kind => Poyo(SettingsJson.Read<PoyoSettings>(config.Settings, file.Name, "config.settings").HyperParameters, spikes, outputs, hopNs),
            PossmRandom.Kind => Possm(SettingsJson.Read<PossmSettings>(config.Settings, file.Name, "config.settings").HyperParameters, spikes, outputs),
            MtmKind.Name => Mtm(SettingsJson.Read<MtmSettings>(config.Settings, file.Name, "config.settings"), spikes, config.Units.Count, outputs),
            NeuroformerKind.Name => Neuroformer(NeuroformerDecoder.ReadSettings(file).HyperParameters),
            _ => [],
        };
    }

    /// <summary>One window of POYO, one query.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="spikes">Spikes in the window.</param>
    /// <param name="outputs">Decoded quantities.</param>
    /// <param name="hopNs">
    /// Distance of windows, ns. Where the latent step is a multiple of it, not too large a one, a group of latents meets
    /// most spikes again that it has met in an earlier window, and only the new pairs count; 0 counts all pairs.
    /// </param>
    public static IReadOnlyList<StageWork> Poyo(PoyoConfig config, double spikes, int outputs, long hopNs)
    {
        double dim = config.Dim, latents = config.Latents, cross = config.CrossInner, self = config.SelfInner, depth = config.Depth, steps = config.Steps;
        var step = RandomModel.Nanoseconds(config.LatentStep);
        var carried = hopNs > 0 && step % hopNs == 0 && step / hopNs <= LiveEncoder.MaxSets;

        // The newest group meets the whole window, the others one latent step's worth of new spikes.
        var newShare = carried ? (2 * steps - 1) / (steps * steps) : 1;
        return
        [
            new("encoder attention", (TimedShare + 1) * spikes * latents * cross * newShare),
            new("encoder output projection", latents * cross * dim),
            new("encoder feed-forward", FeedForward(latents, dim)),
            new("processor query, key, value", 3 * depth * latents * dim * self),
            new("processor attention", 2 * depth * latents * latents * self),
            new("processor output projection", depth * latents * self * dim),
            new("processor feed-forward", depth * FeedForward(latents, dim)),
            new("decoder attention", 2 * latents * config.CrossHeads * dim + dim * cross),
            new("decoder output projection", cross * dim),
            new("decoder feed-forward", FeedForward(1, dim)),
            new("readout", dim * outputs),
        ];
    }

    /// <summary>One chunk of POSSM, one query.</summary>
    public static IReadOnlyList<StageWork> Possm(PossmConfig config, double spikes, int outputs)
    {
        double dim = config.Dim, latents = config.NumLatents, cross = config.CrossInner, self = config.SelfInner, depth = config.Depth, width = config.RnnDim;
        return
        [
            new("encoder attention", (TimedShare + 1) * spikes * latents * cross),
            new("encoder output projection", latents * cross * dim),
            new("processor", depth * (3 * latents * dim * self + 2 * latents * latents * self + latents * self * dim + FeedForward(latents, dim))),
            new("encoder feed-forward", FeedForward(latents, dim)),
            new("recurrent network", 3 * width * (latents * dim + width) + (config.NumRnnLayers - 1) * 6 * width * width),
            new("decoder value and scores", (cross + config.OutputCaCtxLim * config.CrossHeads) * width),
            new("decoder attention", config.OutputCaCtxLim * cross),
            new("decoder output projection", cross * dim),
            new("decoder feed-forward", FeedForward(1, dim)),
            new("readout", dim * outputs),
        ];
    }

    /// <summary>One bin of MtM, at the fullest: half the positions are taken on average in trial mode, which counts here; all of them in the others.</summary>
    public static IReadOnlyList<StageWork> Mtm(MtmSettings settings, double spikes, int units, int outputs)
    {
        var config = settings.HyperParameters;
        double width = config.HiddenSize, layers = config.NLayers, bins = settings.Mode == MtmLiveMode.Rotary ? settings.ContextBackward + 1 : config.MaxF;
        var isSliding = settings.Mode == MtmLiveMode.Sliding;
        var rows = isSliding ? config.Prefix + bins : 1 + settings.ForwardBins;
        var keys = config.Prefix + (isSliding ? bins : settings.Mode == MtmLiveMode.Trial ? bins / 2 : bins);

        // The last block of a window that is computed anew is read at its end only.
        var last = isSliding ? settings.ForwardBins + settings.HeadBins : rows;
        var full = (layers - 1) * rows + last;
        return
        [
            new("embedding", spikes * config.EmbedSize + config.EmbedSize * width),
            new("query, key, value", 3 * layers * rows * width * width),
            new("attention", 2 * full * keys * width),
            new("output projection", full * width * width),
            new("feed-forward", 2 * full * width * config.InterSize),
            new("readout", settings.Readout == MtmReadouts.Behaviour ? settings.HeadBins * width * outputs : (1 + settings.ForwardBins) * width * units),
        ];
    }

    /// <summary>One window of Neuroformer's behaviour heads, all positions, of which most can be worked off before it closes. Frames are counted apart: their work falls due once per clip.</summary>
    public static IReadOnlyList<StageWork> Neuroformer(NeuroformerConfig config)
    {
        double width = config.NEmbd, rows = config.BlockId, square = width * width;
        var feedForward = 2.0 * NeuroformerBlockWeights.Expansion * rows * square;

        // Of two positions only the later one sees the other.
        var self = 4 * rows * square + rows * (rows + 1) * width + feedForward;
        var frames = config.Frames is { } video && config.StimulusLayers > 0 ? video.Tokens + 1.0 : 0;
        var inputs = config.Groups.Select(group => (Layers: (double)group.Layers, Keys: (double)group.Variables.Count(variable => !variable.Predict)));
        return
        [
            new("id encoder", config.StateLayers * self),
            new("history", config.HistoryLayers * Cross(config.BlockPrevId)),
            new("stimulus", frames > 0 ? config.StimulusLayers * Cross(frames) : 0),
            new("inputs", inputs.Sum(group => group.Keys > 0 ? group.Layers * Cross(group.Keys) : 0)),
            new("state", config.StateLayers * self),
        ];

        double Cross(double keys) => 2 * rows * square + 2 * rows * keys * width + feedForward;
    }

    private static double FeedForward(double rows, double dim) => 3 * FeedForwardWeights.Expansion * rows * dim * dim;
}
