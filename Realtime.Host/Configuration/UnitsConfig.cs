namespace Realtime.Host.Configuration;

/// <summary>How the rig's unit names meet the model's.</summary>
public sealed record UnitsConfig
{
    public UnknownUnitPolicy Unknown { get; init; } = UnknownUnitPolicy.Ignore;

    /// <summary>Units whose name on the rig differs from their name in the model.</summary>
    public IReadOnlyList<UnitBinding> Bind { get; init; } = [];
}
