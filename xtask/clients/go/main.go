// The command smoke uses the generated client as a program would: it signs in, deploys a database, follows it, and reads
// its login.
//
// usage: smoke URL NAME PASSWORD
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	stardeck "example.org/stardeck/client"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: smoke URL NAME PASSWORD")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "smoke:", err)
		os.Exit(1)
	}
}

func run(url, name, password string) error {
	configuration := stardeck.NewConfiguration()
	configuration.Servers = stardeck.ServerConfigurations{{URL: url}}
	api := stardeck.NewAPIClient(configuration)
	ctx := context.Background()
	alive, _, err := api.HealthAPI.Live(ctx).Execute()
	if err != nil {
		return err
	}
	if alive.Status != stardeck.CHECKSTATUS_OK {
		return fmt.Errorf("the server is %s", alive.Status)
	}

	if err := refused(api, ctx); err != nil {
		return err
	}
	login, _, err := api.AuthAPI.Login(ctx).LoginRequest(*stardeck.NewLoginRequest(password, "ada")).Execute()
	if err != nil {
		return err
	}
	ctx = context.WithValue(ctx, stardeck.ContextAccessToken, login.Token)

	request := stardeck.NewCreateDatabaseRequest(name, stardeck.ENGINE_POSTGRESQL)
	request.SetVersion("16")
	accepted, _, err := api.DatabasesAPI.CreateDatabase(ctx).CreateDatabaseRequest(*request).Execute()
	if err != nil {
		return err
	}
	operation := &accepted.Operation
	for operation.State == stardeck.OPERATIONSTATE_QUEUED || operation.State == stardeck.OPERATIONSTATE_RUNNING {
		operation, _, err = api.OperationsAPI.GetOperation(ctx, operation.Id).Execute()
		if err != nil {
			return err
		}
	}
	if operation.State != stardeck.OPERATIONSTATE_SUCCEEDED {
		return fmt.Errorf("the deployment ended as %s", operation.State)
	}
	return reached(api, ctx, name)
}

// refused sees that a wrong password is refused as such.
func refused(api *stardeck.APIClient, ctx context.Context) error {
	_, _, err := api.AuthAPI.Login(ctx).LoginRequest(*stardeck.NewLoginRequest("wrong", "ada")).Execute()
	var answer *stardeck.GenericOpenAPIError
	if !errors.As(err, &answer) {
		return fmt.Errorf("a wrong password is not refused: %v", err)
	}
	problem, ok := answer.Model().(stardeck.Problem)
	if !ok || problem.Code != stardeck.PROBLEMCODE_LOGIN_FAILED {
		return fmt.Errorf("a wrong password is refused with %v", answer.Model())
	}
	return nil
}

// reached sees that the database is in the list as it should be, and that its URL leads to it.
func reached(api *stardeck.APIClient, ctx context.Context, name string) error {
	list, _, err := api.DatabasesAPI.ListDatabases(ctx).Limit(1000).Execute()
	if err != nil {
		return err
	}
	for _, database := range list.Items {
		if database.Name != name {
			continue
		}
		if database.Status != stardeck.DATABASESTATUS_RUNNING || database.ExternalPort.Get() != nil {
			return fmt.Errorf("it is %s, with the port %v", database.Status, database.ExternalPort.Get())
		}
		credentials, _, err := api.DatabasesAPI.GetCredentials(ctx, database.Id).Execute()
		if err != nil {
			return err
		}
		if !strings.Contains(credentials.InternalUrl, "@"+name+":") {
			return errors.New("its URL does not lead to it")
		}
		return nil
	}
	return errors.New("it is not in the list")
}
