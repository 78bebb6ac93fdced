using Realtime.Engine.Sessions;

namespace Realtime.Host.Configuration;

/// <summary>Says that a unit of the rig is a unit of the model under another name.</summary>
/// <param name="Rig">The name that spikes carry.</param>
/// <param name="Model">The name in the model's unit table.</param>
public sealed record UnitBinding(UnitId Rig, UnitId Model);
