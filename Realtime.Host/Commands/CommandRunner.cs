using Realtime.Acquisition.Recordings;
using Realtime.Acquisition.ZeroMq;
using Realtime.Models;
using Realtime.Models.Training;
using Spectre.Console;

namespace Realtime.Host.Commands;

/// <summary>Runs a command's body and turns what goes wrong into one clear message and an exit code.</summary>
internal static class CommandRunner
{
    /// <summary>Everything that people read goes to stderr; stdout is for results that programs read.</summary>
    public static IAnsiConsole Screen { get; } = MakeScreen();

    // Wide enough that no line of a log file is broken.
    private const int FileWidth = 400;

    public static int Run(Func<int> body)
    {
        try
        {
            return body();
        }
        catch (UserErrorException problem)
        {
            return Tell(problem.Message, problem.ExitCode);
        }
        catch (Exception problem) when (problem is SessionFormatException or ModelFormatException or TrainingException)
        {
            return Tell(problem.Message, ExitCode.BadInput);
        }
        catch (EndpointException problem)
        {
            return Tell(problem.Message, ExitCode.PortInUse);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return Tell(problem.Message, ExitCode.CannotWrite);
        }
        catch (OperationCanceledException)
        {
            return Tell("Stopped.", ExitCode.Interrupted);
        }
        catch (Exception problem)
        {
            Tell($"Unexpected: {problem.Message}", ExitCode.Unexpected);
            Screen.WriteLine(problem.ToString());
            return ExitCode.Unexpected;
        }
    }

    private static IAnsiConsole MakeScreen()
    {
        var settings = new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) };
        if (Console.IsErrorRedirected)
        {
            settings.Ansi = AnsiSupport.No;
            settings.ColorSystem = ColorSystemSupport.NoColors;
            settings.Interactive = InteractionSupport.No;
        }

        var screen = AnsiConsole.Create(settings);
        if (Console.IsErrorRedirected) screen.Profile.Width = FileWidth;
        return screen;
    }

    /// <summary>Prints a message as an error and passes the code on.</summary>
    public static int Tell(string message, int exitCode)
    {
        Screen.MarkupLine($"[red]{Markup.Escape(message)}[/]");
        return exitCode;
    }
}
