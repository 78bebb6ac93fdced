namespace Realtime.Host.Configuration;

/// <summary>What becomes of spikes whose unit the model does not know and no binding names.</summary>
public enum UnknownUnitPolicy
{
    /// <summary>They are counted as dropped for the reason unknown_unit, and the run goes on.</summary>
    Ignore,
}
