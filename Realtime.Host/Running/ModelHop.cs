using Realtime.Models;
using Realtime.Models.Mtm;
using Realtime.Models.Neuroformer;
using Realtime.Models.Possm;
using Realtime.Models.Poyo;

namespace Realtime.Host.Running;

/// <summary>How often a model is asked when nobody says otherwise.</summary>
internal static class ModelHop
{
    // A fifth of the latents' distance in the published models, so that a decoder can carry work from window to window.
    private const long PoyoNs = 25_000_000;

    /// <summary>ns: 25 ms for POYO, a chunk for POSSM, the current window for Neuroformer, a bin of MtM and of the recursive linear decoder, else the interval that an answer is about.</summary>
    public static long DefaultNs(ModelFile file) => file.Config.Kind switch
    {
        PoyoRandom.Kind => Math.Min(PoyoNs, file.Config.BinNs),
        PossmRandom.Kind or MtmKind.Name or Models.Baselines.KalmanDecoder.Kind => file.Config.BinNs,
        NeuroformerKind.Name => NeuroformerDecoder.ReadSettings(file).HyperParameters.CurrNs,
        _ => file.Config.TargetNs,
    };
}
