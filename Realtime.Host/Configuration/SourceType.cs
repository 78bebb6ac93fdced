namespace Realtime.Host.Configuration;

/// <summary>Which acquisition program a source speaks to.</summary>
public enum SourceType
{
    /// <summary>The ZMQ Interface plugin of the Open Ephys GUI.</summary>
    OpenEphysZmq,
}
