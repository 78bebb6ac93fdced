namespace Realtime.Host;

/// <summary>An error that the person at the keyboard can mend. Printed without a stack trace.</summary>
/// <param name="message">What is wrong, where, and what to do next.</param>
/// <param name="exitCode">One of <see cref="ExitCode"/>.</param>
public sealed class UserErrorException(string message, int exitCode) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
