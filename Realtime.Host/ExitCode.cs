namespace Realtime.Host;

/// <summary>What the process tells scripts. Documented in docs/commands.md; numbers never change their meaning.</summary>
public static class ExitCode
{
    public const int Ok = 0;

    /// <summary>Something this program did not foresee; the message and the log say what.</summary>
    public const int Unexpected = 1;

    /// <summary>The command line was wrong.</summary>
    public const int Usage = 2;

    /// <summary>The rig config was refused.</summary>
    public const int BadConfig = 3;

    /// <summary>A session, model or other input file was refused, or does not fit the others.</summary>
    public const int BadInput = 4;

    /// <summary>A port could not be opened.</summary>
    public const int PortInUse = 5;

    /// <summary>The run folder could not be written, or the disk has too little room to start.</summary>
    public const int CannotWrite = 6;

    /// <summary>No data came from the source within the time given.</summary>
    public const int NoData = 7;

    /// <summary>The decode thread failed; the run folder holds what was answered until then.</summary>
    public const int DecoderFailed = 8;

    /// <summary>Doctor found something that must be mended.</summary>
    public const int DoctorFailed = 9;

    /// <summary>Ended by Ctrl+C; all files are complete.</summary>
    public const int Interrupted = 10;

    /// <summary>Ended by SIGTERM or the closing of the console; all files are complete.</summary>
    public const int Terminated = 11;

    /// <summary>The disk filled up: answers went on, recording stopped; what was written before is whole.</summary>
    public const int DiskFull = 12;

    /// <summary>Verify found a stage that differs by more than its tolerance.</summary>
    public const int VerifyFailed = 13;

    /// <summary>A training diverged; the best weights before that were kept, if there were any.</summary>
    public const int TrainingDiverged = 14;

    /// <summary>Calibrate wrote a model that was judged unfit for live use.</summary>
    public const int Unfit = 15;
}
