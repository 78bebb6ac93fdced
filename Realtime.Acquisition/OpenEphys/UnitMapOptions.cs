namespace Realtime.Acquisition.OpenEphys;

/// <summary>How names on the rig meet names in the model's unit table.</summary>
public sealed class UnitMapOptions
{
    /// <summary>True (default): a unit is known only under its stream's name, so that a probe put in another's place is noticed at once
    /// (all its units
    /// are reported unknown) instead of being decoded as the wrong neurons. False: stream names are ignored; only for tables with one
    /// stream.</summary>
    public bool MatchStream { get; init; } = true;

    /// <summary>Rig streams that the table knows under another name. A model's stream that has an alias is no longer known under its own
    /// name, unless an alias says that too.</summary>
    public IReadOnlyList<StreamAlias> Aliases { get; init; } = [];

    /// <summary>Single units that the table knows under another name; they go before the table's own names.</summary>
    public IReadOnlyList<UnitBinding> Bindings { get; init; } = [];
}
