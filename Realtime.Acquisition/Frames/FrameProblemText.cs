using Realtime.Engine.Decoding;

namespace Realtime.Acquisition.Frames;

/// <summary>Words for <see cref="FrameProblem"/>.</summary>
public static class FrameProblemText
{
    /// <summary>What is wrong and what to do about it.</summary>
    public static string Of(FrameProblem problem, FrameShape due) => problem switch
    {
        FrameProblem.Parts => "a message has not the three parts 'frame', header, pixels (docs/frames.md)",
        FrameProblem.Header => "a header is no MessagePack map with v, seq, sample, height, width and dtype (docs/frames.md)",
        FrameProblem.Version => $"a frame is of a later version of the format than {FrameMessage.Version}; use a newer program",
        FrameProblem.Shape => $"a frame is not {due} pixels, which is what the model reads; scale it before sending",
        FrameProblem.Type => "the pixels are neither 'u1' nor 'f4'",
        FrameProblem.Length => "the pixels are not as many as height x width says",
        FrameProblem.NotFinite => "a pixel is no finite number",
        _ => "",
    };
}
