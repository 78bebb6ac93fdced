using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.OpenEphys;

/// <summary>Binds a unit as the rig names it to a unit of the model's table.</summary>
/// <param name="Received">Stream, electrode and sorted id as they arrive.</param>
/// <param name="Model">The unit in the model's table.</param>
public readonly record struct UnitBinding(UnitId Received, UnitId Model);
