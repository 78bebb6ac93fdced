using Realtime.Engine.Decoding;
using Realtime.Host.Configuration;

namespace Realtime.Host.Running;

/// <summary>What a model needs of a rig beside spikes.</summary>
internal static class RigNeeds
{
    /// <returns>Key and message of each need that the config does not meet.</returns>
    public static IEnumerable<(string Key, string Message)> Missing(RigConfig config, DecoderDescription decoder)
    {
        if (decoder.NeedsTrials && config.Trials.Line is null)
        {
            yield return ("trials.line", $"is left out, but model '{decoder.Name}' begins anew at each trial and answers only within one. "
                + "Name the TTL line that begins a trial; or set the model's mode for a recording without trials (docs/mtm.md).");
        }

        if (decoder.Frames is { } shape && config.Frames.Host is null)
            yield return ("frames.host", $"is left out, but model '{decoder.Name}' reads video frames of {shape} pixels. Name the machine that sends them (docs/frames.md).");
        if (decoder.Frames is null && config.Frames.Host is not null)
            yield return ("frames.host", $"is set, but model '{decoder.Name}' reads no video frames. Leave the section out, or choose the model that was trained with them.");
    }
}
