using Realtime.Acquisition.OpenEphys;
using Realtime.Engine.Ticks;
using Realtime.Host.Configuration;

namespace Realtime.Host.Running;

/// <summary>One source of a running rig: its config, its stream as the decode loop reads it, and its connection.</summary>
public sealed record RigSource(SourceConfig Config, StreamInput Input, OpenEphysSource Connection, HeartbeatClient? Heartbeat);
