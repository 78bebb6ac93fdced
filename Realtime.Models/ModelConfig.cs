using System.Text.Json.Nodes;
using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;

namespace Realtime.Models;

/// <summary>What a model file says about its model, beside the tensors. Stored as one JSON text, keys in snake_case.</summary>
public sealed record ModelConfig
{
    /// <summary>Which decoder reads the file: "wiener", "kalman", "bayes", "poyo", "possm", "mtm".</summary>
    public required string Kind { get; init; }

    /// <summary>The units it was fitted on, in the order of the tensors' unit axis.</summary>
    public required IReadOnlyList<UnitId> Units { get; init; }

    /// <summary>The decoded quantities, in the order of the answer's values.</summary>
    public required IReadOnlyList<OutputChannel> Outputs { get; init; }

    /// <summary>Length of what is read at once, ns: one bin of a linear decoder, one chunk of POSSM, one bin of MtM, the whole window of POYO.</summary>
    public required long BinNs { get; init; }

    /// <summary>Bins of history that are read; the window is BinNs × Lags. 1 for POYO, POSSM and MtM.</summary>
    public required int Lags { get; init; }

    /// <summary>Length of the interval an answer is about, ns, ending at the window's end.</summary>
    public required long TargetNs { get; init; }

    /// <summary>Where the numbers come from.</summary>
    public required TrainingRecord Training { get; init; }

    /// <summary>What only this kind of model knows; each kind documents its keys.</summary>
    public JsonObject? Settings { get; init; }
}
