namespace Realtime.Acquisition.OpenEphys;

/// <summary>Why a message could not be used. Each has its counter, and a text for logs in <see cref="ParseProblemText"/>.</summary>
public enum ParseProblem
{
    None,

    /// <summary>Fewer than two frames.</summary>
    MissingHeader,

    /// <summary>The header is longer than <see cref="OpenEphysParser.MaxHeaderBytes"/>.</summary>
    HeaderTooLong,

    /// <summary>The header is not JSON, is cut short, or nests deeper than <see cref="OpenEphysParser.MaxJsonDepth"/>.</summary>
    HeaderNotJson,

    /// <summary>The header is JSON, but no object.</summary>
    HeaderNotObject,

    /// <summary>A text of the header is not valid Unicode.</summary>
    InvalidText,

    /// <summary>A name is longer than <see cref="OpenEphysMessage.MaxNameBytes"/>.</summary>
    NameTooLong,

    /// <summary>The message comes from the 0.5 generation of the plugin.</summary>
    OldGeneration,

    MissingType,

    /// <summary>A type other than data, event and spike: ignored, not malformed.</summary>
    UnknownType,

    /// <summary>The object <c>content</c> or <c>spike</c> that the type calls for is missing.</summary>
    MissingBody,

    MissingStream,

    MissingElectrode,

    MissingSampleNumber,

    MissingSampleCount,

    MissingEventType,

    /// <summary>A field has the wrong kind of value.</summary>
    MistypedField,

    /// <summary>A number is outside what its field can honestly hold.</summary>
    NumberOutOfRange,

    /// <summary>The spike's payload is not 4 × channels × samples bytes.</summary>
    SpikePayloadLength,

    /// <summary>The continuous payload is not 4 × samples bytes.</summary>
    DataPayloadLength,

    /// <summary>The TTL payload is not 10 bytes.</summary>
    TtlPayloadLength,

    /// <summary>The header's data_size is not the payload's length.</summary>
    DataSizeMismatch,

    /// <summary>The peer is the Event Broadcaster plugin.</summary>
    EventBroadcaster,

    /// <summary>The peer is the Falcon Output plugin.</summary>
    FalconOutput,
}
