namespace Realtime.Host.Configuration;

/// <summary>How the rig's unit names meet the model's.</summary>
public sealed record UnitsConfig
{
    public UnknownUnitPolicy Unknown { get; init; } = UnknownUnitPolicy.Ignore;

    /// <summary>Whether a unit's stream name must be the model's; false only for models of one stream.</summary>
    public bool MatchStream { get; init; } = true;

    /// <summary>Units whose name on the rig differs from their name in the model.</summary>
    public IReadOnlyList<UnitBinding> Bind { get; init; } = [];
}
