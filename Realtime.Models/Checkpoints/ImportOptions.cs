using Realtime.Engine.Decoding;
using Realtime.Models.Mtm;

namespace Realtime.Models.Checkpoints;

/// <summary>What a checkpoint does not say by itself.</summary>
public sealed record ImportOptions
{
    /// <summary>Takes the place of the checkpoint's own; null to use those.</summary>
    public HyperParameters? HyperParameters { get; init; }

    /// <summary>Word of the session table that queries use; may be null where there is only one.</summary>
    public string? Session { get; init; }

    /// <summary>The units, in the order they shall have; null for all of the session, named by their words.</summary>
    public IReadOnlyList<UnitAssignment>? Units { get; init; }

    /// <summary>Names and units of the outputs; null for out_0, out_1, ...</summary>
    public IReadOnlyList<OutputChannel>? Outputs { get; init; }

    /// <summary>What normalised outputs are multiplied with: one per output, one for all, or none for 1.</summary>
    public IReadOnlyList<double> OutputSd { get; init; } = [];

    /// <summary>What is added afterwards: one per output, one for all, or none for 0.</summary>
    public IReadOnlyList<double> OutputMean { get; init; } = [];

    /// <summary>The readout that is decoded: of POSSM, where it may be null if there is only one; of MtM "rates" or "regions".</summary>
    public string? Task { get; init; }

    /// <summary>POSSM only, and needed for weights of the early revision: <see cref="Possm.PossmSettings.VisibleTokens"/>.</summary>
    public int? VisibleTokens { get; init; }

    /// <summary>Neuroformer with frames only, and needed there: their size in pixels.</summary>
    public (int Height, int Width)? FrameSize { get; init; }

    /// <summary>The moment that is asked about, s before the window's end.</summary>
    public double QueryLag { get; init; }

    /// <summary>Length of the interval that an answer is about, ns.</summary>
    public long TargetNs { get; init; } = 10_000_000;

    /// <summary>MtM only: which recording each stitcher is of; may be null where there is only one.</summary>
    public IReadOnlyList<SessionMapEntry>? SessionMap { get; init; }

    /// <summary>MtM only; null for sliding, the one that the original's mask allows.</summary>
    public MtmLiveMode? LiveMode { get; init; }

    /// <summary>The user's own words.</summary>
    public string Note { get; init; } = "";
}
