using Realtime.Engine.Sessions;

namespace Realtime.Engine.Decoding;

/// <summary>What a decoder is and what it needs; fixed for its life.</summary>
public sealed record DecoderDescription
{
    /// <summary>Short name, such as "wiener".</summary>
    public required string Name { get; init; }

    /// <summary>Lower-case hexadecimal SHA-256 of the model file: it names the model in every answer.</summary>
    public required string Hash { get; init; }

    /// <summary>The units it was fitted on; a spike's unit row is a row of this table.</summary>
    public required UnitTable Units { get; init; }

    /// <summary>The decoded quantities, in the order of the values.</summary>
    public required IReadOnlyList<OutputChannel> Outputs { get; init; }

    /// <summary>Length of the window it reads, ns of data time.</summary>
    public required long WindowNs { get; init; }

    /// <summary>The hop it must be called at, ns of data time; 0 when any hop will do (no state from tick to tick).</summary>
    public required long HopNs { get; init; }

    /// <summary>Length of the interval that an answer is about, ns, ending at the window's end: behaviour is averaged over it to score the answer.</summary>
    public required long TargetNs { get; init; }

    /// <summary>Size of the video frames it reads; null where it reads none.</summary>
    public FrameShape? Frames { get; init; }

    /// <summary>How long before a window's end a video frame may have been shown that the answer depends on, ns; 0 where it reads none.</summary>
    public long FrameReachNs { get; init; }

    /// <summary>Whether it answers windows without video frames too.</summary>
    public bool FramesOptional { get; init; }

    /// <summary>Whether it begins anew at each trial and says nothing outside of one, so that the rig must tell it when trials begin. Outside of one all its values are NaN.</summary>
    public bool NeedsTrials { get; init; }
}
