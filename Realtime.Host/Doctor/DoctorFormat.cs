namespace Realtime.Host.Doctor;

/// <summary>How the doctor speaks.</summary>
public enum DoctorFormat
{
    /// <summary>Lines without any control characters, for files and pipes.</summary>
    Plain,

    /// <summary>A coloured table, for terminals.</summary>
    Table,

    /// <summary>One line of JSON, for programs.</summary>
    Json,
}
