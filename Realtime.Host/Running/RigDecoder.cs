using Realtime.Engine.Decoding;
using Realtime.Host.Configuration;
using Realtime.Models;

namespace Realtime.Host.Running;

/// <summary>Loads the decoder of a rig config.</summary>
internal static class RigDecoder
{
    /// <summary>The decoder, sized and threaded as the config says. Whoever asks for it disposes of it, where it can be.</summary>
    /// <exception cref="UserErrorException">The file holds no model that can answer.</exception>
    public static IDecoder Create(RigConfig config, ModelFile model)
    {
        try
        {
            return ModelLoader.Create(model, new DecoderOptions
            {
                HopNs = config.Ticks.HopNs,
                MaxWindowSpikes = config.Ticks.MaxWindowSpikes,
                ComputeThreads = config.DecodeThread.ComputeThreads,
                ComputeCpu = config.DecodeThread.ComputeCpu,
            });
        }
        catch (ModelFormatException problem)
        {
            throw new UserErrorException(problem.Message, ExitCode.BadInput);
        }
    }
}
