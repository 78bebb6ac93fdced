namespace Realtime.Acquisition.Frames;

/// <summary>What is wrong with a message that should be a video frame.</summary>
public enum FrameProblem
{
    None,

    /// <summary>It has not three parts.</summary>
    Parts,

    /// <summary>Its second part is no MessagePack map of the keys that are due.</summary>
    Header,

    /// <summary>It is of a later version of the format.</summary>
    Version,

    /// <summary>It has another height or width than the model reads.</summary>
    Shape,

    /// <summary>Its number type is neither u1 nor f4.</summary>
    Type,

    /// <summary>Its third part has another length than its shape says.</summary>
    Length,

    /// <summary>It holds a number that is not finite.</summary>
    NotFinite,
}
