using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.OpenEphys;

/// <summary>A unit that sent spikes but is not in the model's table.</summary>
public readonly record struct UnknownUnit(UnitId Unit, long Spikes)
{
    public override string ToString() => $"{Unit} x{Spikes}";
}
