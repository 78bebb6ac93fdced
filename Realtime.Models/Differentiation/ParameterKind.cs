namespace Realtime.Models.Differentiation;

/// <summary>How a parameter's gradient comes about.</summary>
public enum ParameterKind
{
    /// <summary>Every number takes part in every window: weights, biases, gains, small tables.</summary>
    Dense,

    /// <summary>A table of which a batch reads some rows; row 0 stands for padding and never learns. Units and sessions.</summary>
    RowTable,

    /// <summary>Belongs to one session: AdamW leaves value and moments alone in a step whose batch has no window of that session, as PyTorch does where a gradient is absent.</summary>
    SessionPart,
}
